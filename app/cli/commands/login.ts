import type { Credentials } from '../../credentials.ts';
import { askSecret, askText, canAsk, readLineFromStdin } from '../ask.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { noteWaiting, retryNotes, withCredentials } from '../connection.ts';
import { CommandFailure, usageFailure } from '../failure.ts';

interface LoginOptions {
  readonly fromEnv?: true | undefined;
  readonly organization?: string | undefined;
  readonly endpoint?: string | undefined;
}

export const registerLogin: RegisterCommand = (parent, run) => {
  parent
    .command('login')
    .summary('store a secret key in the keychain')
    .description(
      "Stores a secret key in the system's keychain, and the organization ID and endpoint beside it, after the service has accepted " +
        'them. The key is asked for without showing it. Without a terminal it is read from the first line of stdin. ' +
        'It is never an argument: arguments are visible to other programs.',
    )
    .option('--from-env', 'take key, organization and endpoint from the environment (DATATURE_VI_…)')
    .option('--organization <id>', 'organization ID that the key belongs to')
    .option('--endpoint <url>', 'base URL of the API')
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync login', 'Be asked for everything'],
        ['pass datature-vi | vi-sync login --organization org42', 'Hand the key over on stdin'],
        ['vi-sync login --from-env', 'Keep what the environment holds'],
      ]),
    )
    .action((options) => run('login', (context) => login(context, options)));
};

async function login(context: CommandContext, options: LoginOptions): Promise<Outcome> {
  const { output, signal } = context;
  const { saveCredentials } = await import('../../credentials.ts');
  const { openKeychain } = await import('../../keychain.ts');
  context.describeInterruption(() => ({
    detail: 'Nothing was stored.',
    suggestion: 'Run vi-sync login again.',
    facts: { stored: false },
  }));
  const credentials = await gatherCredentials(options, signal);

  const organization = await withCredentials(
    credentials,
    (client) => client.organizations.get({ signal }),
    retryNotes(context),
  );
  await saveCredentials(credentials, {
    keychain: openKeychain({ onWaiting: () => noteWaiting(context) }),
    signal,
  });
  const { organizationId, endpoint } = credentials;
  if (process.env.DATATURE_VI_SECRET_KEY && !options.fromEnv) {
    output.note(
      'DATATURE_VI_SECRET_KEY is set in the environment, and goes before the stored key as long as it is.',
      'warning',
    );
  }
  return {
    document: { organizationId, organizationName: organization.name, endpoint, storedIn: 'keychain' },
    print: (result) => {
      result.line(`Logged in to ${organization.name} (${organizationId}) at ${endpoint}.`, 'good');
      result.line("The key is in the system's keychain.");
    },
  };
}

async function gatherCredentials(options: LoginOptions, signal: AbortSignal): Promise<Credentials> {
  const { checkCredentials, DEFAULT_ENDPOINT, normalizeEndpoint } = await import('../../credentials.ts');
  const { env } = process;
  const endpoint = normalizeEndpoint(options.endpoint || env.DATATURE_VI_API_ENDPOINT || DEFAULT_ENDPOINT);
  if (options.fromEnv) {
    const secretKey = env.DATATURE_VI_SECRET_KEY;
    if (!secretKey) {
      throw new CommandFailure({
        code: 'environment-empty',
        title: 'There is no key in the environment.',
        detail: 'DATATURE_VI_SECRET_KEY is not set.',
        suggestion:
          'Set DATATURE_VI_SECRET_KEY and DATATURE_VI_ORGANIZATION_ID, or run vi-sync login without --from-env.',
      });
    }
    const organizationId = options.organization || env.DATATURE_VI_ORGANIZATION_ID;
    return checkCredentials({ secretKey, organizationId, endpoint, source: 'environment' });
  }

  const asking = canAsk();
  const known = options.organization || env.DATATURE_VI_ORGANIZATION_ID;
  if (!known && !asking) {
    throw usageFailure(
      'The organization ID is missing, and there is no terminal to ask for it.',
      'Pass --organization, or set DATATURE_VI_ORGANIZATION_ID.',
    );
  }
  const organizationId = known || (await askText('Organization ID:', signal));
  const secretKey = asking
    ? await askSecret('Secret key (not shown):', signal)
    : await readLineFromStdin('secret key', signal);
  return checkCredentials({ secretKey, organizationId, endpoint, source: 'arguments' });
}
