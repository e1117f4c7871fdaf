import path from 'node:path';
import type { EngineApi, MirrorStatus, ReceiptRow } from '../../contract.ts';
import { orAborted } from '../../or-aborted.ts';
import { isBlocked, settledOrAway } from '../carry-out.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { ExitCode } from '../exit-code.ts';
import { CommandFailure } from '../failure.ts';
import { formatCount, formatNumberOf } from '../format.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT } from '../mirror-argument.ts';
import { countsText, mirrorTitle, phaseStyle, phaseText } from '../mirror-words.ts';
import { createReceiptFile, type ReceiptFile } from '../receipt-csv.ts';

interface VerifyOptions extends EngineOptions {
  readonly csv?: string | undefined;
}

export const registerVerify: RegisterCommand = (parent, run) => {
  parent
    .command('verify')
    .summary('prove that folder and dataset are in step')
    .description(
      'Reads every file and lists every asset anew, whatever is known, brings in step what that shows to differ, and tells what is proved: for each ' +
        'file its SHA-256, its asset, and whether the service’s own hash says the same or we have moved the bytes ourselves. ' +
        'Exit code 3 when anything is not in step.',
    )
    .argument('[mirror]', MIRROR_ARGUMENT_TEXT)
    .option('--csv <file>', 'write the receipt, a line for each file, to a CSV file')
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync verify photos --csv receipt.csv', 'Keep the proof'],
        ['vi-sync verify photos --json', 'The receipt for a script'],
      ]),
    )
    .action((mirror, options) => run('verify', (context) => verify(context, mirror, options)));
};

/** How many files have which proof. */
interface Tally {
  files: number;
  'service-hash': number;
  transfer: number;
  none: number;
}

async function verify(
  context: CommandContext,
  text: string | undefined,
  options: VerifyOptions,
): Promise<Outcome> {
  const { output } = context;
  const csv = options.csv === undefined ? null : path.resolve(options.csv);
  // Before hours of reading: a place that can't be written to is told at once.
  const file = csv === null ? null : await createReceiptFile(csv);
  try {
    const { mirror, tally } = await withEngine(context, options, async (engine) => {
      const { mirrorId } = await findMirror(engine, text);
      const verified = await verifyMirror(engine, mirrorId, context);
      output.beginItems();
      return { mirror: verified, tally: await writeReceipt(engine, mirrorId, context, file) };
    });
    await file?.finish();
    output.endItems({ mirror, tally });
    return describeVerify(mirror, tally, csv);
  } finally {
    await file?.close();
  }
}

async function verifyMirror(
  engine: EngineApi,
  mirrorId: string,
  { output, signal }: CommandContext,
): Promise<MirrorStatus> {
  output.note('Reading every file and listing every asset …');
  await engine.call('start', { mirrorId });
  const verifying = engine.call('verify', { mirrorId });
  // The service may be away: then this does not end, and the other one tells.
  const mirror = await orAborted(Promise.race([verifying, settledOrAway(engine, mirrorId, signal)]), signal);
  if (isBlocked(mirror) && mirror.problem !== null) throw new CommandFailure(mirror.problem);
  return mirror;
}

async function writeReceipt(
  engine: EngineApi,
  mirrorId: string,
  { output, signal }: CommandContext,
  file: ReceiptFile | null,
): Promise<Tally> {
  const tally: Tally = { files: 0, 'service-hash': 0, transfer: 0, none: 0 };
  let after: string | null = null;
  do {
    signal.throwIfAborted();
    const page: { items: ReceiptRow[]; after: string | null } = await engine.call('receipt', {
      mirrorId,
      after,
    });
    for (const { proof } of page.items) {
      tally.files += 1;
      tally[proof] += 1;
    }
    output.items(page.items);
    await file?.add(page.items);
    await output.flush();
    after = page.after;
  } while (after !== null);
  return tally;
}

function describeVerify(mirror: MirrorStatus, tally: Tally, csv: string | null): Outcome {
  const proved = tally['service-hash'] + tally.transfer;
  return {
    exitCode: mirror.phase === 'in-sync' ? ExitCode.DONE : ExitCode.DONE_IN_PART,
    print: (output) => {
      output.line(mirrorTitle(mirror), 'bold');
      output.line(`  ${phaseText(mirror)}; ${countsText(mirror)}`, phaseStyle(mirror));
      output.line(
        `  ${formatNumberOf(proved, 'file')} proved equal to their assets: ${formatCount(tally['service-hash'])} by the service’s hash, ${formatCount(tally.transfer)} by our own transfer`,
      );
      if (tally.none > 0) output.line(`  ${formatNumberOf(tally.none, 'file')} without a proof`, 'warning');
      if (csv !== null) output.line(`  receipt in ${csv}`);
    },
  };
}
