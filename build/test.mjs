// `npm test`: sets the clone up where needed, then lint, types, unit, property and end-to-end tests. The last line counts them.
// Arguments are handed to vitest: `npm test -- test/vi` runs the tests below that folder only.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { electronProgram } from './desktop.mjs';
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

/** What failed in a report, a line or a few each, for the end of the output: a log that is cut keeps its end. */
function failuresOf(report, project) {
  return report.testResults.flatMap((suite) => {
    const file = path.relative(root, suite.name);
    const tests = suite.assertionResults.filter((test) => test.status === 'failed');
    if (suite.status === 'failed' && tests.length === 0) return [`${project} ${file}: ${suite.message}`];
    return tests.map((test) => {
      const reason = (test.failureMessages?.[0] ?? '').split('\n').slice(0, 12).join('\n    ');
      return `${project} ${file} > ${test.fullName}\n    ${reason}`;
    });
  });
}

/** Counts of a vitest run from its JSON report; a run that broke off before its report counts as one failure. */
function readReport(file, passed, project) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    say(`The test run left no report (${error.message}).`);
    return { passed: 0, failed: 1, failures: [`${project}: no report`] };
  }
  // A file that does not load, an unhandled error or a skipped test fails the run too.
  const inTests = report.numFailedTests + report.numPendingTests + report.numTodoTests;
  const failed = inTests + (inTests === 0 && !passed ? Math.max(1, report.numFailedTestSuites) : 0);
  const failures = failuresOf(report, project);
  if (failed > 0 && failures.length === 0) {
    failures.push(`${project}: an error outside of any test, or a test that was skipped (see above)`);
  }
  return { passed: report.numPassedTests, failed, failures };
}

const withoutElectron =
  '!! NOT RUN: test/electron, the tests of the true Electron, whose program is not installed here. The same main process ran against the\n' +
  '!! double of Electron instead. To run them: npx install-electron, and npm test once more.';

await runStep(async () => {
  ensureDependencies();
  ensureRenderer();
  const environment = scriptEnvironment({ VI_SYNC_CHROMIUM: ensureChromium() });
  ensureKeychain();
  const selection = process.argv.slice(2);
  const total = { passed: 0, failed: 0 };
  const failures = [];
  const check = (title, script, args) => {
    const passed = passes(title, script, args, environment);
    total[passed ? 'passed' : 'failed'] += 1;
    if (!passed) failures.push(`${title} (see above)`);
  };
  check('Lint', 'node_modules/@biomejs/biome/bin/biome', ['check', '.']);
  check('Types', 'node_modules/typescript/bin/tsc', ['--noEmit']);
  // What the tests of the desktop app run.
  check('Build', 'build/build.mjs', []);

  const reports = path.join(root, 'out', 'test-reports');
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const electron = electronProgram();
  for (const project of ['unit', 'property', 'e2e', ...(electron === undefined ? [] : ['electron'])]) {
    const report = path.join(reports, `${project}.json`);
    const args = ['run', '--project', project, '--passWithNoTests', '--reporter=default', '--reporter=json'];
    // Unit tests wait for servers, processes and timers for a third of their time.
    if (project === 'unit') args.push('--maxWorkers=3');
    const passed = passes(
      `Tests (${project})`,
      'node_modules/vitest/vitest.mjs',
      [...args, `--outputFile.json=${report}`, ...selection],
      environment,
    );
    const counts = readReport(report, passed, project);
    total.passed += counts.passed;
    total.failed += counts.failed;
    failures.push(...counts.failures);
  }
  if (failures.length > 0)
    process.stdout.write(`\nFailed:\n${failures.map((line) => `  ${line}\n`).join('')}`);
  if (electron === undefined) process.stdout.write(`\n${withoutElectron}\n`);
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 ? 0 : 1;
});
