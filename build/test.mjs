// `npm test`: sets the clone up where needed, then lint, types, unit, property and end-to-end tests. The last line counts them.
// Arguments are handed to vitest: `npm test -- test/vi` runs the tests below that folder only.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  ensureDependencies,
  ensureRenderer,
  node24,
  root,
  runStep,
  say,
  scriptEnvironment,
} from './setup.mjs';
import { ensureChromium, ensureKeychain } from './test-tools.mjs';

/** Runs a check with its output shown; true when it passed. */
function passes(title, script, args, environment) {
  say(title);
  const started = Date.now();
  const { status } = spawnSync(node24, [path.join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment,
  });
  say(`${title}: ${status === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return status === 0;
}

/** Counts of a vitest run from its JSON report; a run that broke off before its report counts as one failure. */
function readReport(file, passed) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    say(`The test run left no report (${error.message}).`);
    return { passed: 0, failed: 1 };
  }
  // A file that does not load, an unhandled error or a skipped test fails the run too.
  const inTests = report.numFailedTests + report.numPendingTests + report.numTodoTests;
  const failed = inTests + (inTests === 0 && !passed ? Math.max(1, report.numFailedTestSuites) : 0);
  return { passed: report.numPassedTests, failed };
}

await runStep(async () => {
  ensureDependencies();
  ensureRenderer();
  const environment = scriptEnvironment({ VI_SYNC_CHROMIUM: ensureChromium() });
  ensureKeychain();
  const selection = process.argv.slice(2);
  const total = { passed: 0, failed: 0 };
  const count = (passed) => {
    total[passed ? 'passed' : 'failed'] += 1;
  };
  count(passes('Lint', 'node_modules/@biomejs/biome/bin/biome', ['check', '.'], environment));
  count(passes('Types', 'node_modules/typescript/bin/tsc', ['--noEmit'], environment));

  const reports = path.join(root, 'out', 'test-reports');
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  for (const project of ['unit', 'property', 'e2e']) {
    const report = path.join(reports, `${project}.json`);
    const args = ['run', '--project', project, '--passWithNoTests', '--reporter=default', '--reporter=json'];
    const passed = passes(
      `Tests (${project})`,
      'node_modules/vitest/vitest.mjs',
      [...args, `--outputFile.json=${report}`, ...selection],
      environment,
    );
    const counts = readReport(report, passed);
    total.passed += counts.passed;
    total.failed += counts.failed;
  }
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 ? 0 : 1;
});
