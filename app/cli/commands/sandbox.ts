import type { RegisterCommand } from '../command.ts';
import { wholeNumber } from '../option-values.ts';

export const registerSandbox: RegisterCommand = (parent, run) => {
  parent
    .command('sandbox')
    .summary('run a Vi server on this machine, to try things out')
    .option('--data <folder>', 'folder that the sandbox keeps its data in')
    .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 0)
    .action(() => run('sandbox', async () => ({})));
};
