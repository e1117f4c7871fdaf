import {
  type CommandContext,
  type ConnectionOptions,
  ENDPOINT_OPTION,
  examplesText,
  ORGANIZATION_OPTION,
  type Outcome,
  type RegisterCommand,
} from '../command.ts';
import { findCredentials, retryNotes, withCredentials } from '../connection.ts';

export const registerWhoami: RegisterCommand = (parent, run) => {
  parent
    .command('whoami')
    .summary('show the organization, the endpoint, and where the key comes from')
    .description(
      'Shows which organization and endpoint the commands speak to, and whether the key comes from the environment or the ' +
        'keychain. Asks the service, so it also tells whether the key is accepted. The key is not shown.',
    )
    .option(...ORGANIZATION_OPTION)
    .option(...ENDPOINT_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync whoami', 'See whether you are logged in'],
        ['vi-sync whoami --json', 'The same for a script'],
      ]),
    )
    .action((options) => run('whoami', (context) => whoami(context, options)));
};

async function whoami(context: CommandContext, options: ConnectionOptions): Promise<Outcome> {
  const credentials = await findCredentials(context, options);
  const organization = await withCredentials(
    credentials,
    (client) => client.organizations.get({ signal: context.signal }),
    retryNotes(context),
  );
  const { organizationId, endpoint, source } = credentials;
  return {
    document: { organizationId, organizationName: organization.name, endpoint, keyFrom: source },
    print: (output) => {
      output.line(`Organization  ${organization.name} (${organizationId})`);
      output.line(`Endpoint      ${endpoint}`);
      output.line(
        `Secret key    from the ${source === 'keychain' ? "system's keychain" : 'environment'}, accepted by the service`,
      );
    },
  };
}
