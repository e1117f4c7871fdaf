import { expect, onTestFinished, test } from 'vitest';
import { realClock } from '../../app/engine/real-clock.ts';
import { AssetLocations } from '../../app/transfer/asset-locations.ts';
import { picture } from '../engine/pictures.ts';
import { remoteFile } from '../manifest/temp-manifest.ts';
import { FakeWorld } from '../world/fake-world.ts';
import type { ServiceCall } from '../world/service-faults.ts';

/** A dataset of so many assets, a computer that mirrors it, and how often each call was made. */
async function setup(assets: number) {
  const world = new FakeWorld({ seed: assets });
  const machine = world.machine('computer');
  onTestFinished(() => {
    machine.kill();
    machine.dispose();
  });
  const calls = new Map<ServiceCall, number>();
  machine.remote.witness = { asked: (call) => void calls.set(call, (calls.get(call) ?? 0) + 1) };
  for (let index = 0; index < assets; index++) await world.service.put(`${index}.png`, picture(index + 1));
  machine.start();
  const expectAll = () => {
    for (let index = 0; index < assets; index++) {
      expect(machine.volume.read(machine.path(`${index}.png`))).toEqual(picture(index + 1));
    }
  };
  return { world, machine, calls, expectAll };
}

test('many downloads ask for their addresses by the page', async () => {
  const { world, machine, calls, expectAll } = await setup(600);
  await world.settle(machine);
  expectAll();
  expect(calls.get('locatePage')).toBeLessThanOrEqual(4);
  expect(calls.get('locate') ?? 0).toBeLessThan(30);
});

test('a few, and those that pages do not lead to, ask one by one', async () => {
  const { world, machine, calls, expectAll } = await setup(600);
  await world.settle(machine);
  calls.clear();
  for (let index = 0; index < 20; index++)
    await world.service.put(`late-${index}.png`, picture(index + 1000));
  await world.settle(machine);
  expectAll();
  expect(calls.get('locatePage') ?? 0).toBe(0);
  expect(calls.get('locate')).toBe(20);
});

test('pages that fail, and addresses that are of an older version or too old, cost a question more and nothing else', async () => {
  const { world, machine, calls, expectAll } = await setup(300);
  machine.remote.faults.list = [{ kind: 'server', calls: ['locatePage'], times: 1 }];
  await world.settle(machine);
  expectAll();
  expect(calls.get('locate')).toBeGreaterThanOrEqual(300);

  const short = await setup(301);
  short.world.service.switches.urlLifetimeMs = 3000;
  await short.world.clock.runUntil(() => (short.calls.get('locatePage') ?? 0) > 0, 60_000);
  for (const index of [3, 250, 300]) await short.world.service.put(`${index}.png`, picture(index + 5000));
  await short.world.settle(short.machine);
  expect(short.machine.volume.read(short.machine.path('300.png'))).toEqual(picture(5300));
  expect(short.machine.volume.read(short.machine.path('3.png'))).toEqual(picture(5003));
  expect(short.machine.volume.read(short.machine.path('7.png'))).toEqual(picture(8));
});

test('pages in a circle do not keep a download waiting', async () => {
  const asset = (name: string) => ({
    asset: { ...remoteFile(name, name), assetId: `asset-${name}` },
    contents: null,
  });
  const wanted = Array.from({ length: 100 }, (_, index) => ({ remote: remoteFile(`${index}.png`, 'x') }));
  let pages = 0;
  const locations = new AssetLocations(
    {
      // All of it is wanted, and never the one that is asked for.
      locatePage: async () => {
        pages += 1;
        return {
          assets: wanted.slice(1).map(({ remote }) => asset(remote.filename)),
          nextPageToken: 'again',
        };
      },
      locate: async (assetId) => asset(assetId),
    },
    realClock,
  );
  locations.expect(wanted);
  const { signal } = new AbortController();
  expect(await locations.of('asset-0.png', signal)).toMatchObject({ isListed: false });
  expect(pages).toBeLessThanOrEqual(10);
});
