import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { settingsLines } from '../setting-names.ts';

export const registerSettingsShow: RegisterCommand = (parent, run) => {
  parent
    .command('show', { isDefault: true })
    .summary('show the settings')
    .description('Shows what holds for all mirrors, and what it means.')
    .option(...DATA_OPTION)
    .addHelpText('after', examplesText([['vi-sync settings', 'See all settings']]))
    .action((options) => run('settings show', (context) => showSettings(context, options)));
};

async function showSettings(context: CommandContext, options: EngineOptions): Promise<Outcome> {
  const settings = await withEngine(context, options, (engine) => engine.call('settings', {}));
  return {
    document: settings,
    print: (output) => {
      for (const line of settingsLines(settings)) output.line(line);
    },
  };
}
