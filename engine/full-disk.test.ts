import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { bytesOf, dump } from './engine-test-workload.js';
import { Engine } from './engine.js';
import { EngineError } from './errors.js';
import { PAGE_BYTES, SmallDisk, whyNoMount } from './full-disk-test-mount.js';
import { nodeEnvironment } from './node-environment.js';
import type { EngineOptions } from './options.js';
import { descriptorsBelow, filesBelow } from './step-failures-test-life.js';

/** A disk that is really full: nothing acknowledged is lost, and all is well again once there is space. */

const missing = whyNoMount();
const because = missing === undefined ? '' : ` (not here: ${missing})`;
const OPTIONS: Partial<EngineOptions> = {
  ...{ memtableEntriesMax: 12, tableEntriesMax: 10, l0TablesMax: 3, l1TablesMax: 2, levelRatio: 2 },
};
const OPENINGS = 20;

const disks: SmallDisk[] = [];
afterAll(() => {
  for (const disk of disks) disk.unmount();
  const ours = `ninelives-small-disk-${process.pid}-`;
  expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(ours);
});

/** Hands out a disk of that many bytes, and unmounts it, whatever happens. */
async function onDisk(bytes: number, use: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const disk = new SmallDisk(bytes);
  disks.push(disk);
  try {
    await use(disk);
  } finally {
    disk.unmount();
  }
}

const open = (directory: string, options = OPTIONS) => Engine.open(nodeEnvironment(directory), options);

/** Half a kilobyte that no other write has. */
const valueOf = (index: number): string => `${index}:`.padEnd(500, `${index} `);

/** Writes until the engine refuses; what was acknowledged, and the refusal. */
async function fill(engine: Engine, acknowledged: Map<string, string>): Promise<EngineError> {
  for (let index = 0; ; index++) {
    const key = `k${(index * 7) % 101}`;
    try {
      await engine.put(bytesOf(key), bytesOf(valueOf(index)));
      acknowledged.set(key, valueOf(index));
    } catch (error) {
      expect(error).toBeInstanceOf(EngineError);
      return error as EngineError;
    }
  }
}

/** The content of a database that is in order, which it also proves by a write. */
async function proven(directory: string): Promise<ReadonlyMap<string, string>> {
  const engine = await open(directory);
  await engine.settled();
  const content = new Map(await dump(engine));
  await engine.put(bytesOf('zz'), bytesOf('space'), { sync: true });
  await engine.flush();
  await engine.settled();
  expect(filesBelow(directory)).toEqual(engine.files().live);
  await engine.close();
  const again = await open(directory);
  expect(new Map(await dump(again))).toEqual(new Map([...content, ['zz', 'space']]));
  await again.delete(bytesOf('zz'));
  await again.close();
  return content;
}

/** Opens a database on a full disk; the label at which that failed, undefined if it did not. */
async function tryToOpen(
  directory: string,
  acknowledged: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  try {
    const engine = await open(directory);
    expect(new Map(await dump(engine))).toEqual(acknowledged);
    // Compaction may need space, too.
    await engine.settled().catch((error: unknown) => expect(error).toMatchObject({ errno: 'ENOSPC' }));
    await engine.close().catch((error: unknown) => expect(error).toMatchObject({ errno: 'ENOSPC' }));
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENGINE_IO', errno: 'ENOSPC', file: expect.any(String) as unknown });
    expect((error as EngineError).message).toContain('ENOSPC');
    return (error as EngineError).label;
  }
}

test.skipIf(missing !== undefined).each(['always', 'os'] as const)(
  `a disk of any size that fills up under '%s' loses nothing that was acknowledged${because}`,
  async (durability) => {
    const failed = new Set<string | undefined>();
    for (let pages = 12; pages <= 60; pages++) {
      await onDisk(pages * PAGE_BYTES, async (disk) => {
        const { directory } = disk;
        const acknowledged = new Map<string, string>();
        const engine = await open(directory, { ...OPTIONS, durability });
        const refusal = await fill(engine, acknowledged);
        failed.add(refusal.label);
        expect(refusal, `${pages} pages`).toMatchObject({ errno: 'ENOSPC' });
        const more = engine.put(bytesOf('more'), bytesOf('1'));
        await expect(more).rejects.toMatchObject({
          code: 'ENGINE_READ_ONLY',
          outcome: 'none',
          errno: 'ENOSPC',
        });
        expect(new Map(await dump(engine))).toEqual(acknowledged);
        await engine.close();
        expect(descriptorsBelow(directory)).toEqual([]);
        const before = filesBelow(directory).length;
        for (let opening = 0; opening < 3; opening++) await tryToOpen(directory, acknowledged);
        expect(filesBelow(directory).length, `${pages} pages`).toBeLessThan(before + 10);
        disk.enlarge();
        expect(await proven(directory), `${pages} pages`).toEqual(acknowledged);
      });
    }
    for (const part of [/^wal\/append$/, /sst\.write$/, /bloom\.write$/, /^manifest\/tmp/, /^prepare\//]) {
      expect([...failed].filter((label) => label !== undefined && part.test(label))).not.toEqual([]);
    }
  },
);

test.skipIf(missing !== undefined)(
  `openings that fail on a full disk, wherever, leave no more files than one of them does${because}`,
  async () => {
    const failed = new Map<string | undefined, number>();
    for (let pagesLeft = 0; pagesLeft <= 24; pagesLeft++) {
      await onDisk(1 << 20, async (disk) => {
        const { directory } = disk;
        const acknowledged = new Map<string, string>();
        const engine = await open(directory, { ...OPTIONS, memtableEntriesMax: 1_000 });
        for (let index = 0; index < 60; index++) {
          await engine.put(bytesOf(`k${index}`), bytesOf(valueOf(index)));
          acknowledged.set(`k${index}`, valueOf(index));
        }
        await engine.close();
        disk.fillUp(pagesLeft * PAGE_BYTES);
        const counts: number[] = [];
        for (let opening = 0; opening < OPENINGS; opening++) {
          const label = await tryToOpen(directory, acknowledged);
          failed.set(label, (failed.get(label) ?? 0) + 1);
          counts.push(filesBelow(directory).length);
        }
        expect(descriptorsBelow(directory)).toEqual([]);
        // Two openings: what one leaves, and the file whose number the next one must not give again.
        expect(Math.max(...counts), `${pagesLeft} pages left: ${counts.join()}`).toBeLessThanOrEqual(
          Math.max(...counts.slice(0, 2)) + 1,
        );
        disk.free();
        expect(await proven(directory)).toEqual(acknowledged);
      });
    }
    for (const part of [/^open\/lock$/, /^flush\/sst\.write$/, /^wal\/header$/, /^manifest\/tmp/]) {
      const times = [...failed].filter(([label]) => label !== undefined && part.test(label));
      expect(Math.max(0, ...times.map(([, count]) => count)), String(part)).toBeGreaterThanOrEqual(OPENINGS);
    }
  },
);
