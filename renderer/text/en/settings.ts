import { countIn } from '../../../app/contract/words/plural.ts';
import type { Account, AppSettings, RetentionMode } from '../../../app/contract.ts';

const count = countIn('en');

/** Words of the settings. */
export const settings = {
  subtitle: 'Changes are saved at once.',
  parts: 'Parts of the settings',
  saved: 'Saved',
  refused: 'Not changed',

  account: 'Accounts',
  accountText: 'The organizations in Vi that this computer works with. A key is never shown again.',
  source: {
    keychain: 'Key in the keychain',
    environment: 'Key from the environment',
    sandbox: 'Sandbox in this app',
    session: 'Key kept until Vi Sync ends',
  } satisfies Record<Account['source'], string>,
  sourceMeaning: {
    keychain: 'Stored by the system, where other people of this computer can’t read it.',
    environment: 'Vi Sync was started with DATATURE_VI_SECRET_KEY. Remove the variable to disconnect.',
    sandbox: 'A Vi server inside this app. It needs no key, and nothing leaves this computer.',
    session: 'It is kept in memory only. After a restart you enter it again.',
  } satisfies Record<Account['source'], string>,
  connect: 'Connect an account…',
  reconnect: 'Connect again…',
  connectTitle: 'Connect a Vi account',
  connectText: 'With a secret key of your organization. It is tested before it is stored.',
  connected: (name: string) => `Connected to ${name}`,
  disconnect: 'Disconnect…',
  disconnectOf: (name: string) => `Disconnect ${name}…`,
  disconnectTitle: (name: string) => `Disconnect ${name}?`,
  disconnectText:
    'The key is forgotten on this computer. In Vi it stays valid: revoke it there if nobody needs it any more.',
  disconnectMirrors: (n: number, shown: string) =>
    `${count(n, shown, 'mirror stops', 'mirrors stop')} until the account is connected again.`,
  disconnectGo: 'Disconnect',
  disconnected: (name: string) => `${name} is disconnected`,
  noAccount: 'No account is connected yet.',

  sync: 'Syncing',
  retention: 'When a changed file replaces an annotated image',
  retentionText: 'For every mirror without a setting of its own.',
  retentionModes: {
    ask: {
      title: 'Ask me',
      text: 'The file waits, and you see both pictures and what would happen to the annotations. The safe choice.',
    },
    KeepLinkedResource: {
      title: 'Keep the annotations',
      text: 'They stay on the new image as they are. Right when it shows the same thing, such as a better export; where pixels moved, boxes may no longer fit.',
    },
    RemoveLinkedResource: {
      title: 'Remove the annotations',
      text: 'The new image begins without any. Right when it shows something else. They can’t be brought back.',
    },
  } satisfies Record<RetentionMode, { title: string; text: string }>,
  trashDays: 'Keep replaced and deleted files',
  trashDaysHint: 'They stay in the trash, from where you can put them back.',
  trashForever: 'Until I empty the trash',
  trashDay: (n: number, shown: string) => `For ${count(n, shown, 'day', 'days')}`,

  transfers: 'Transfers',
  limits: 'Bandwidth',
  upload: 'Upload at most',
  download: 'Download at most',
  perSecond: 'MB/s',
  unlimited: 'Leave empty for no limit.',
  limitWrong: 'Enter a number above 0, or leave it empty.',
  schedule: 'Other limits at some hours',
  scheduleHint: 'For example slower while people work.',
  scheduleFrom: 'From',
  scheduleTo: 'To',
  scheduleDays: 'On',
  scheduleOvernight: 'It lasts past midnight, into the next day.',
  scheduleWholeDay: 'All day.',
  scheduleUpload: 'Upload then at most',
  scheduleDownload: 'Download then at most',
  atOnce: 'At once',
  uploadsAtOnce: 'Uploads at once',
  downloadsAtOnce: 'Downloads at once',
  atOnceHint: '1 to 64. More is faster for many small files, and heavier on the network.',
  atOnceWrong: 'Enter a whole number from 1 to 64.',

  appearance: 'Appearance',
  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' } satisfies Record<
    AppSettings['theme'],
    string
  >,
  language: 'Language',
  languageSystem: 'As the system',

  background: 'In the background',
  notify: 'Notify me when',
  notifications: {
    holds: 'something waits for my answer',
    finished: 'a sync or a pull has finished',
    problems: 'something is wrong',
  } satisfies Record<keyof AppSettings['notifications'], string>,
  startAtLogin: 'Start Vi Sync when I log in',
  pauseOnBattery: 'Pause while the computer runs on battery',
  keepAwake: 'Keep the computer awake while files are transferred',
  updates: 'New versions of Vi Sync',
  updateChoices: { stable: 'Take them', test: 'Test versions too', off: 'Never' } satisfies Record<
    AppSettings['updates'],
    string
  >,

  network: 'Network',
  proxy: 'Proxy',
  proxyHint: 'For example http://proxy.example.com:3128. Leave empty to use the environment’s.',
  caFile: 'Extra CA certificates',
  caFileHint: 'Full path of a PEM file, for networks that inspect encrypted traffic.',
  fromNextStart: 'Takes effect when Vi Sync is started again.',
  save: 'Save',

  help: 'Help and diagnostics',
  log: 'Log file',
  noLog: 'This Vi Sync writes no log file.',
  copyPath: 'Copy the path',
  bundle: 'Diagnostics bundle',
  bundleText:
    'A file for a bug report: versions, settings, counts and logs. Keys, names and paths are taken out of it.',
  bundleGo: 'Make a bundle',
  bundleMaking: 'Making it…',
  bundleDone: (bytes: string) => `The bundle is written (${bytes}):`,
  about: 'About',
  version: 'Version',
  platform: 'Platform',
  dataDir: 'Data of Vi Sync',
};
