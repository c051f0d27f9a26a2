import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SMALL } from '../engine-test-workload.js';
import { type BatchWrite } from '../arguments.js';
import { Engine } from '../engine.js';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import { dumpPairs, type DumpRange } from './dump.js';
import { dumpAll, type Files, hashes, makeFiles, readOnly } from './inspect-test-database.js';
import { readLines } from './lines.js';
import { loadLines } from './load.js';
import { LINE_BYTES_MAX, pairLine } from './pair-line.js';
import { openView } from './view.js';

const key = fc.uint8Array({ minLength: 1, maxLength: 20 });
const write: fc.Arbitrary<BatchWrite> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('put'), key, value: fc.uint8Array({ maxLength: 200 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete'), key }) },
);

function dumpLines(files: Files): readonly string[] {
  const view = openView(readOnly(files));
  return [...dumpPairs(view, hashes)].map(pairLine);
}

async function load(lines: readonly string[]): Promise<Files> {
  const { environment, files } = makeTestEnvironment();
  const engine = await Engine.open(environment, SMALL);
  const stream = (async function* () {
    yield Buffer.from(lines.map((line) => `${line}\n`).join(''));
  })();
  expect(await loadLines(engine, readLines(stream, LINE_BYTES_MAX))).toMatchObject({
    lines: lines.length,
    error: undefined,
  });
  await engine.close();
  return files;
}

test('what was dumped and loaded is dumped as the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 40 }), async (writes) => {
      const { environment, files } = makeTestEnvironment();
      const engine = await Engine.open(environment, SMALL);
      for (const one of writes) await engine.write([one]);
      await engine.close();
      const lines = dumpLines(files);
      const content = new Map(writes.map((one) => [Buffer.from(one.key).toString('hex'), one]));
      expect(lines).toHaveLength([...content.values()].filter(({ kind }) => kind === 'put').length);
      expect(dumpLines(await load(lines))).toEqual(lines);
    }),
    { numRuns: 40 },
  );
});

test('a range, a limit and a direction give what a scan gives', async () => {
  const files = await makeFiles('crash');
  const { environment, files: copy } = makeTestEnvironment();
  for (const [path, bytes] of files) copy.set(path, bytes);
  const engine = await Engine.open(environment, SMALL);
  const bound = fc
    .constantFrom('', 'a', 'k', 'k3', 'k30', 'm', 'm07', 'm2', 'other', 'z')
    .map((text) => new Uint8Array(Buffer.from(text)));
  const range: fc.Arbitrary<DumpRange> = fc.record(
    { gte: bound, lt: bound, reverse: fc.boolean(), limit: fc.nat(12) },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(range, async (range) => {
      const scanned: [string, string][] = [];
      for await (const [key, value] of engine.scan(range)) {
        scanned.push([Buffer.from(key).toString('latin1'), Buffer.from(value).toString('latin1')]);
      }
      expect(dumpAll(readOnly(files), range)).toEqual(scanned);
    }),
  );
  await engine.close();
});

test('files that a living database has deleted meanwhile are still read', async () => {
  const files = new Map(await makeFiles('close'));
  const expected = dumpAll(readOnly(files));
  const { environment, files: disk } = makeTestEnvironment();
  for (const [path, bytes] of files) disk.set(path, bytes);
  // As an operating system does it: what is open can be read when its name is gone.
  const vfs = environment.vfs;
  const view = openView({
    ...vfs,
    open: (path, label) => {
      const bytes = vfs.open(path, label).read(0, Infinity, label);
      return {
        ...vfs.open(path, label),
        read: (offset, length) => bytes.subarray(offset, offset + length),
        size: () => bytes.length,
      };
    },
  });
  disk.clear();
  const pairs = [...dumpPairs(view, hashes)].map(([key, value]) => [
    Buffer.from(key).toString('latin1'),
    Buffer.from(value).toString('latin1'),
  ]);
  expect(pairs).toEqual(expected);
});

test('a database that was never written to has nothing to dump', () => {
  expect(dumpAll(readOnly(new Map([['wal/000001.wal', new Uint8Array(3)]])))).toEqual([]);
});
