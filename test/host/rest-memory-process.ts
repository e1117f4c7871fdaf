import { giveMemoryBackAtRest } from '../../app/host/rest-memory.ts';
import { EngineDouble } from './engine-double.ts';

/** Fills its heap with what nobody needs, rests, and prints how much memory it had before and afterwards. Bytes. */
const engine = new EngineDouble();
giveMemoryBackAtRest(engine, { restMs: 200 });
let rubbish: object[] = Array.from({ length: 2_000_000 }, (_, index) => ({ index, text: `text ${index}` }));
const before = process.memoryUsage.rss();
rubbish = [];
engine.emit('mirrorChanged', { ...engine.status(), phase: 'in-sync' });
await new Promise((resolve) => setTimeout(resolve, 1500));
process.stdout.write(JSON.stringify({ before, after: process.memoryUsage.rss(), left: rubbish.length }));
