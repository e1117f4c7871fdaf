import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { SettingsChange } from '../../contract.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { usageFailure } from '../failure.ts';
import { settingNames, settingsLines } from '../setting-names.ts';

export const registerSettingsSet: RegisterCommand = (parent, run) => {
  parent
    .command('set')
    .summary('change a setting')
    .description(
      `Changes one of the settings: ${Object.entries(settingNames)
        .map(([name, { meaning }]) => `${name} (${meaning})`)
        .join('; ')}.`,
    )
    .argument('<name>', 'name of the setting')
    .argument('<value>', 'its new value')
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync settings set retention keep', 'Never ask about annotations, always keep them'],
        ['vi-sync settings set upload-limit 2M', 'At most 2 MB a second'],
        ['vi-sync settings set trash-days never', 'Empty the trash by hand'],
      ]),
    )
    .action((name, value, options) =>
      run('settings set', (context) => setSetting(context, name, value, options)),
    );
};

async function setSetting(
  context: CommandContext,
  name: string,
  value: string,
  options: EngineOptions,
): Promise<Outcome> {
  const change = parseSetting(name, value);
  const settings = await withEngine(context, options, (engine) => engine.call('changeSettings', change), {
    makesData: true,
  });
  return {
    document: settings,
    print: (output) => {
      for (const line of settingsLines(settings)) output.line(line);
    },
  };
}

function parseSetting(name: string, value: string): SettingsChange {
  if (!isSettingName(name)) {
    throw usageFailure(
      `There is no setting “${name}”.`,
      `The settings are ${Object.keys(settingNames).join(', ')}.`,
    );
  }
  try {
    return settingNames[name].parse(value);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw usageFailure(`“${value}” is no value of ${name}. ${error.message}`, 'See vi-sync settings.');
  }
}

function isSettingName(name: string): name is keyof typeof settingNames {
  return Object.hasOwn(settingNames, name);
}
