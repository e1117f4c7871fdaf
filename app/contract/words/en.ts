import type { ProblemCatalogue, Sentence } from './sentence.ts';

const reconnect =
  'Connect the account of this organization in Settings → Accounts. It goes on by itself then.';
const withoutStoring =
  'Or connect the account in Settings → Accounts for as long as Vi Sync runs, without storing its key.';

/**
 * Problems come in English words from the engine, written for the command line as well: here stand those that the window says otherwise,
 * since it has a place where they end.
 */
export const problems: ProblemCatalogue = {
  'not-logged-in': {
    title: 'No account for this',
    detail:
      'Vi Sync has no secret key of this organization, or the system’s keychain, where it is, is locked.',
    suggestion: reconnect,
  },
  'other-organization': { title: 'No account for this', suggestion: reconnect },
  'other-organization:folder': {
    title: 'The folder is of another organization',
    suggestion: 'Connect that organization in Settings → Accounts, or pull into another folder.',
  },
  'other-organization:lock': {
    title: 'The lock file is of another organization',
    suggestion: 'Connect that organization in Settings → Accounts.',
  },
  AuthenticationFailed: {
    suggestion:
      'Copy the key again from the organization’s settings in Vi, and connect the account anew in Settings → Accounts. It may have been revoked.',
  },
  PermissionDenied: {
    suggestion:
      'The key is valid, but may not do this. Give it the right in Vi, or connect another one in Settings → Accounts.',
  },
  ConfigurationInvalid: { suggestion: reconnect },
  'secret-key-malformed': {
    suggestion: 'Copy the whole key once more from the settings of your organization in Datature Vi.',
  },
  'organization-missing': { suggestion: reconnect },
  'endpoint-differs': {
    suggestion:
      'Connect the account at that endpoint in Settings → Accounts. DATATURE_VI_API_ENDPOINT, with which Vi Sync was started, counts too.',
  },
  'keychain-entry-unreadable': {
    suggestion: 'Connect the account anew in Settings → Accounts: that writes the entry again.',
  },
  'keychain-missing': {
    suggestion: `Install a keychain and log in to the desktop again. ${withoutStoring}`,
  },
  'keychain-locked': {
    suggestion: `Unlock it (logging in to the desktop does, or its own app), and try again. ${withoutStoring}`,
  },
  'keychain-timeout': {
    suggestion: `Look for that window, unlock the keychain, and try again. ${withoutStoring}`,
  },
  'keychain-failed': {
    suggestion: `Open the keychain’s own app to see whether it works, and try again. ${withoutStoring}`,
  },
};

/** What has happened, by the code that the engine gives it: its own words are English. */
export const happenings: Readonly<Record<string, Sentence>> = {};
