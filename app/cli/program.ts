import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { type AnyCommand, examplesText, type RegisterCommand, type Run } from './command.ts';
import { registerAssets } from './commands/assets.ts';
import { registerConflicts } from './commands/conflicts.ts';
import { registerDatasets } from './commands/datasets.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDownload } from './commands/download.ts';
import { registerFiles } from './commands/files.ts';
import { registerIgnore } from './commands/ignore.ts';
import { registerLog } from './commands/log.ts';
import { registerLogin } from './commands/login.ts';
import { registerLogout } from './commands/logout.ts';
import { registerMirror } from './commands/mirror.ts';
import { registerPreview } from './commands/preview.ts';
import { registerPull } from './commands/pull.ts';
import { registerSandbox } from './commands/sandbox.ts';
import { registerServe } from './commands/serve.ts';
import { registerSettings } from './commands/settings.ts';
import { registerStart } from './commands/start.ts';
import { registerStatus } from './commands/status.ts';
import { registerSync } from './commands/sync.ts';
import { registerTrash } from './commands/trash.ts';
import { registerUpload } from './commands/upload.ts';
import { registerVerify } from './commands/verify.ts';
import { registerWatch } from './commands/watch.ts';
import { registerWhoami } from './commands/whoami.ts';

/** Every command, in the order of the help. A new one is a file in `commands/` and a line here. */
const commands: readonly RegisterCommand[] = [
  registerStart,
  registerServe,
  registerDemo,
  registerLogin,
  registerLogout,
  registerWhoami,
  registerMirror,
  registerPreview,
  registerSync,
  registerWatch,
  registerStatus,
  registerFiles,
  registerConflicts,
  registerTrash,
  registerVerify,
  registerIgnore,
  registerLog,
  registerSettings,
  registerDatasets,
  registerAssets,
  registerUpload,
  registerDownload,
  registerPull,
  registerSandbox,
];

export const EXIT_CODES_TEXT = `
Exit codes:
  0    done
  1    failed
  2    wrong usage; nothing was done
  3    done in part: the output says what failed
  130  interrupted by Ctrl-C (129, 143: by SIGHUP, SIGTERM)

Environment:
  DATATURE_VI_SECRET_KEY, DATATURE_VI_ORGANIZATION_ID, DATATURE_VI_API_ENDPOINT
             used before what is in the keychain
  VI_SYNC_DATA
             folder for data and logs, instead of the system's folders
  NO_COLOR   no colors on the terminal`;

/** The tree of commands. `run` is called by the one that the arguments name. */
export function buildProgram(
  run: Run,
  write: { out(text: string): void; err(text: string): void },
): AnyCommand {
  const program = new Command('vi-sync');
  // Before the commands are added: they take these settings over from their parent.
  program
    .exitOverride()
    .configureOutput({
      writeOut: write.out,
      writeErr: write.err,
      // Errors are told by the caller, in one form for all of them.
      outputError: () => undefined,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: true })
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .description('Keeps folders of images and Datature Vi datasets in step.')
    .version(readVersion(), '-V, --version', 'show the version')
    .option('--json', 'print one JSON document on stdout, also for errors')
    .option('--verbose', 'print the log on stderr as well')
    .addHelpText(
      'after',
      `${examplesText([
        ['vi-sync login', 'Store your secret key in the keychain'],
        ['vi-sync mirror add photos abc123', 'Mirror a folder to a dataset, after a look at both'],
        ['vi-sync watch', 'Keep all mirrors in step'],
        ['vi-sync status', 'See what they are doing'],
      ])}\n${EXIT_CODES_TEXT}`,
    );
  for (const register of commands) register(program, run);
  return program;
}

/** Looks upwards, because the compiled file lies deeper than the source. */
function readVersion(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const version = versionIn(path.join(folder, 'package.json'));
    if (version !== null) return version;
    const parent = path.dirname(folder);
    if (parent === folder) return 'unknown';
    folder = parent;
  }
}

function versionIn(file: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const found: unknown = JSON.parse(text);
  if (typeof found !== 'object' || found === null || !('name' in found) || found.name !== 'vi-sync')
    return null;
  return 'version' in found && typeof found.version === 'string' ? found.version : null;
}
