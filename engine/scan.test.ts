import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Driver, steps } from './engine-test-driver.js';
import { bytes, text, VARIANTS } from './engine-test-model.js';
import { Engine, nodeEnvironment, type Scan, VALUE_BYTES_MAX } from './index.js';

/**
 * The engine on a real directory, from outside, against a map for every moment: what reads give must be what was there at
 * the moment that they are of, whatever is written, flushed, compacted and released meanwhile.
 */

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ninelives-scan-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test.each(VARIANTS)('%s: every read gives the moment that it is of', async (_name, options) => {
  let cases = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const driver = await Driver.start(join(directory, `case-${cases++}`), options);
      for (const step of script) await driver.take(step);
      await driver.finish();
    }),
    { numRuns: 40 },
  );
});

test('a value of 64 MiB comes back byte for byte, from the memtable, from a table, in a scan, and after reopening', async () => {
  const value = Buffer.alloc(VALUE_BYTES_MAX);
  for (let index = 0; index < value.length; index += 4)
    value.writeUInt32LE(Math.imul(index, 2_654_435_761) >>> 0, index);
  const key = bytes('large');
  // Buffer.compare, since an assertion on such an array takes minutes.
  const isIt = (found: Uint8Array | undefined): boolean => found !== undefined && value.equals(found);
  let engine = await Engine.open(nodeEnvironment(directory));
  await engine.write([
    { kind: 'put', key: bytes('before'), value: bytes('1') },
    { kind: 'put', key, value },
    { kind: 'put', key: bytes('then'), value: bytes('2') },
  ]);
  expect(isIt(await engine.get(key))).toBe(true);
  await engine.flush();
  expect(isIt(await engine.get(key))).toBe(true);
  await engine.compact();
  for (const reverse of [false, true]) {
    const pairs = await engine.scan({ reverse }).nextMany(9);
    expect(pairs.map(([found]) => text(found))).toEqual(
      reverse ? ['then', 'large', 'before'] : ['before', 'large', 'then'],
    );
    expect(isIt(pairs[1]?.[1])).toBe(true);
  }
  await engine.put(key, value, { sync: true });
  await engine.close();
  engine = await Engine.open(nodeEnvironment(directory));
  expect(isIt(await engine.get(key))).toBe(true);
  await engine.close();
});

test('a scan gives its files back when it is left, runs out or reaches its limit, and not before', async () => {
  const endings: readonly (readonly [string, (scan: Scan) => Promise<unknown>])[] = [
    ['leaving the loop', async (scan) => void (await leaveAfterOne(scan))],
    ['return', (scan) => scan.return()],
    ['the end', (scan) => scan.nextMany(Infinity)],
    ['the limit', (scan) => scan.nextMany(4)],
  ];
  for (const [ending, end] of endings) {
    const engine = await Engine.open(nodeEnvironment(join(directory, ending)));
    for (const key of 'abcdef') await engine.put(bytes(key), bytes('1'));
    await engine.flush();
    const scan = engine.scan({ limit: 5 });
    await scan.next();
    await engine.delete(bytes('a'));
    await engine.compact();
    await engine.settled();
    expect(engine.files().obsolete, ending).not.toEqual([]);
    await end(scan);
    await engine.settled();
    expect(engine.files().obsolete, ending).toEqual([]);
    expect(await scan.next(), ending).toEqual({ done: true, value: undefined });
    expect(await scan.return(), ending).toEqual({ done: true, value: undefined });
    await engine.close();
  }
});

async function leaveAfterOne(scan: Scan): Promise<number> {
  let seen = 0;
  for await (const _pair of scan) if (++seen === 1) break;
  return seen;
}
