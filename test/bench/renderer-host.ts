import type { CallArgs, CallName, CallResult, FileRow, MirrorStatus } from '../../app/contract.ts';
import { calls } from '../../app/contract.ts';
import { createEngine, type Engine } from '../../app/engine.ts';
import { hostOf } from '../e2e/page-fixture.ts';
import { AppDouble } from '../host/app-double.ts';
import { doubleMirrorId } from '../host/engine-double.ts';
import { fillManifest } from './fill-manifest.ts';

/**
 * A web host in a process of its own, over an engine on a manifest of as many files as it is told, until it is ended. Files are found and
 * sorted by the engine's own SQL. The transfer is played: as often as the engine tells of one at most, progress comes, and rows on screen change.
 * Prints the page's address.
 */
const eventsMs = 100;
/** One in so many files is being uploaded. */
const uploadingOneIn = 9;

class PlayedTransfer extends AppDouble {
  readonly #engine: Engine;
  readonly #rows: number;
  #tick = 0;

  constructor(engine: Engine, rows: number) {
    super();
    this.#engine = engine;
    this.#rows = rows;
    this.phase = 'syncing';
  }

  override status(): MirrorStatus {
    const status = super.status();
    const uploading = Math.floor(this.#rows / uploadingOneIn);
    const counts = { ...status.counts, uploading, 'in-sync': this.#rows - uploading };
    return { ...status, counts, fileTotal: this.#rows };
  }

  override async call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    if (name !== 'files') return super.call(name, args);
    const answer = await this.#engine.call('files', { ...calls.files.args.parse(args), mirrorId: 'mirror' });
    const played: unknown = { ...answer, items: answer.items.map((row, index) => this.#played(row, index)) };
    // The name says of which type it is, which TypeScript can't follow.
    return played as CallResult<N>;
  }

  #played(row: FileRow, index: number): FileRow {
    if (index % uploadingOneIn !== 0) return row;
    return { ...row, state: 'uploading', progress: (this.#tick % 100) / 100, changedAt: Date.now() };
  }

  play(): void {
    this.#tick += 1;
    const filesDone = Math.min(this.#tick, 11_000);
    this.upload = {
      filesDone,
      filesTotal: 11_111,
      bytesDone: filesDone * 2_400_000,
      bytesTotal: 11_111 * 2_400_000,
      bytesPerSecond: 24_000_000,
    };
    this.emit('mirrorChanged', this.status());
    this.emit('filesChanged', { mirrorId: doubleMirrorId });
    if (this.#tick % 10 !== 0) return;
    const path = `images/0001/picture-${this.#tick}.jpg`;
    this.add({ at: Date.now(), kind: 'uploaded', path, message: `Uploaded “${path}”.` });
  }
}

const [dataDir = '', rows = '0'] = process.argv.slice(2);
fillManifest(dataDir, Number(rows));
const engine = await createEngine({
  dataDir,
  connect: () => {
    throw new Error('nothing is mirrored here');
  },
});
const app = new PlayedTransfer(engine, Number(rows));
const host = await hostOf(app);
setInterval(() => app.play(), eventsMs);
process.stdout.write(`${host.url}\n`);
