import { powerMonitor, powerSaveBlocker } from 'electron';
import type { AppApi, AppSettings } from '../app/contract.ts';
import { BatteryRest } from '../app/desktop/battery-rest.ts';
import type { Log } from '../app/log.ts';

export interface PowerOptions {
  /** Where it is kept which mirrors rest. */
  readonly folder: string;
  readonly log: Log;
  /** Null: the engine does not answer now. */
  readonly app: () => AppApi | null;
  /** The system is about to end, or the session. */
  readonly onShutdown: () => void;
}

/** Looks again after sleep, rests on battery, and keeps the computer awake during transfers; the last two where a person wants that. */
export class Power {
  readonly #options: PowerOptions;
  readonly #battery: BatteryRest;
  #settings: Pick<AppSettings, 'pauseOnBattery' | 'keepAwake'> = { pauseOnBattery: false, keepAwake: false };
  #isMoving = false;
  #blocker: number | null = null;

  constructor(options: PowerOptions) {
    this.#options = options;
    this.#battery = new BatteryRest(options.folder);
    powerMonitor.on('resume', () => void this.#lookAgain());
    powerMonitor.on('on-battery', () => void this.#followBattery());
    powerMonitor.on('on-ac', () => void this.#followBattery());
    powerMonitor.on('shutdown', () => options.onShutdown());
  }

  /** The engine answers, or a person has changed a setting. */
  follow(settings: AppSettings): void {
    const isAnother = settings.pauseOnBattery !== this.#settings.pauseOnBattery;
    this.#settings = settings;
    this.#followTransfers();
    if (isAnother) void this.#followBattery();
  }

  /** The engine has come (back): it may have been started on battery, or rest since before. */
  engineReady(): void {
    void this.#followBattery();
  }

  setMoving(isMoving: boolean): void {
    this.#isMoving = isMoving;
    this.#followTransfers();
  }

  close(): void {
    this.setMoving(false);
  }

  #followTransfers(): void {
    const isWanted = this.#isMoving && this.#settings.keepAwake;
    if (isWanted && this.#blocker === null) {
      this.#blocker = powerSaveBlocker.start('prevent-app-suspension');
    } else if (!isWanted && this.#blocker !== null) {
      powerSaveBlocker.stop(this.#blocker);
      this.#blocker = null;
    }
  }

  async #followBattery(): Promise<void> {
    const app = this.#options.app();
    if (app === null) return;
    try {
      await this.#battery.follow(app, this.#settings.pauseOnBattery && powerMonitor.isOnBatteryPower());
    } catch (error) {
      this.#options.log.warn('Mirrors could not follow the battery', { error });
    }
  }

  /** While the computer slept, nothing was reported. */
  async #lookAgain(): Promise<void> {
    const app = this.#options.app();
    if (app === null) return;
    try {
      const { mirrors } = await app.call('status', {});
      await Promise.all(
        mirrors
          .filter(({ phase }) => phase !== 'stopped')
          .map(({ mirrorId }) => app.call('syncNow', { mirrorId })),
      );
    } catch (error) {
      this.#options.log.warn('Mirrors could not be told to look again after sleep', { error });
    }
  }
}
