import * as fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { EngineApi } from '../contract.ts';
import { systemCode } from '../observe/file-stamp.ts';

const keptSchema = z.object({ mirrors: z.array(z.string()) });

/**
 * Pauses mirrors while the computer runs on its battery, and resumes those alone that were paused for that. Which they are is in a file, written
 * before they are paused: after a crash, or a start on mains power, they go on.
 */
export class BatteryRest {
  readonly #file: string;
  /** One after the other: battery and mains can come and go within a second. */
  #working: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#file = path.join(folder, 'battery-rest.json');
  }

  /** Has the mirrors rest, or go on. @throws what the engine's calls throw; errors of the disk */
  follow(engine: EngineApi, isResting: boolean): Promise<void> {
    const next = this.#working.then(() => (isResting ? this.#rest(engine) : this.#goOn(engine)));
    this.#working = next.catch(() => undefined);
    return next;
  }

  async #rest(engine: EngineApi): Promise<void> {
    const { mirrors } = await engine.call('status', {});
    const awake = mirrors.filter(({ isPaused }) => !isPaused).map(({ mirrorId }) => mirrorId);
    const resting = await this.#kept();
    // What a person has resumed meanwhile is theirs to pause.
    const added = awake.filter((mirrorId) => !resting.includes(mirrorId));
    if (added.length === 0) return;
    await fs.mkdir(path.dirname(this.#file), { recursive: true });
    await fs.writeFile(this.#file, JSON.stringify({ mirrors: [...resting, ...added] }));
    for (const mirrorId of added) await engine.call('pause', { mirrorId });
  }

  async #goOn(engine: EngineApi): Promise<void> {
    const resting = await this.#kept();
    if (resting.length === 0) return;
    const { mirrors } = await engine.call('status', {});
    for (const { mirrorId, isPaused } of mirrors) {
      if (isPaused && resting.includes(mirrorId)) await engine.call('resume', { mirrorId });
    }
    await fs.rm(this.#file, { force: true });
  }

  async #kept(): Promise<readonly string[]> {
    try {
      return keptSchema.parse(JSON.parse(await fs.readFile(this.#file, 'utf8'))).mirrors;
    } catch (error) {
      // Damaged, it tells of nothing: a mirror that stays paused is shown so, and resumed by a click.
      if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError)
        return [];
      throw error;
    }
  }
}
