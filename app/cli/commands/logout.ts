import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { lockedHint, noteWaiting } from '../connection.ts';

export const registerLogout: RegisterCommand = (parent, run) => {
  parent
    .command('logout')
    .summary('remove the secret key from the keychain')
    .description(
      "Removes the secret key, the organization ID and the endpoint from the system's keychain. The key itself stays valid: to " +
        'revoke it, delete it in the settings of your organization.',
    )
    .addHelpText('after', examplesText([['vi-sync logout', 'Forget the stored key']]))
    .action(() => run('logout', logout));
};

async function logout(context: CommandContext): Promise<Outcome> {
  const { deleteCredentials } = await import('../../credentials.ts');
  const { openKeychain } = await import('../../keychain.ts');
  const removed = await deleteCredentials({
    keychain: openKeychain({ onWaiting: () => noteWaiting(context) }),
    signal: context.signal,
  });
  if (process.env.DATATURE_VI_SECRET_KEY) {
    context.output.note('DATATURE_VI_SECRET_KEY is still set in the environment.', 'warning');
  }
  return {
    document: { removed },
    print: (output) => {
      if (removed) output.line("Logged out: the key is no longer in the system's keychain.", 'good');
      else output.line(`There was no key in the system's keychain (${lockedHint}).`);
    },
  };
}
