import { type CommandFailure, usageFailure } from './failure.ts';

/**
 * Finds a secret key among the arguments, or an option that would take one. Such a command line is refused whole: other programs see
 * arguments, and the shell keeps them in its history. The key itself is not repeated.
 */
export function refuseSecretArguments(args: readonly string[]): CommandFailure | null {
  const option = args.find((arg) => /^--?(?:api-?|secret-?)?(?:key|token|secret)(?:=|$)/iu.test(arg));
  const holdsKey = args.some((arg) => /dtvi_/iu.test(arg));
  if (option === undefined && !holdsKey) return null;
  return usageFailure(
    holdsKey
      ? 'A secret key was given as an argument. Other programs can see arguments, and the shell keeps them in its history.'
      : `There is no option ${option?.replace(/=.*$/su, '')}: a secret key is never an argument, where other programs could see it.`,
    `Run vi-sync login and type the key when asked, hand it over on stdin, or set DATATURE_VI_SECRET_KEY.${
      holdsKey ? ' If the key has been seen, or is in a history file, revoke it and make a new one.' : ''
    }`,
  );
}
