import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Action } from '../engine-test-workload.js';
import { EngineError } from '../errors.js';
import { pathOf } from '../filenames.js';
import type { EngineOptions } from '../options.js';
import { findingText } from './finding.js';
import { resealed } from './inspect-test-seal.js';
import {
  checkAll,
  dumpAll,
  faultyFiles,
  type Files,
  inspectAll,
  makeFiles,
  readOnly,
  recoverAll,
} from './inspect-test-database.js';
import { openView } from './view.js';

/**
 * Damage at rest, done to the files of a small database with several levels: a check names the damaged file, and says no
 * less than the engine does when it opens and reads the same bytes. Nobody throws anything but the one error of a dump.
 */
const ends = ['close', 'crash'] as const;
const databases = new Map<(typeof ends)[number], Files>();

beforeAll(async () => {
  for (const end of ends) databases.set(end, await makeFiles(end));
});

/** Two tables, one of several blocks, and a WAL of which a part is known to be durable. */
const FEW: readonly Action[] = [
  ...['k1', 'k2', 'k3', 'k1'].map((key, index): Action => ({
    kind: 'write',
    writes: { [key]: `${index}`.repeat(70) },
  })),
  { kind: 'flush' },
  { kind: 'write', writes: { k2: null, k4: 'x' } },
  { kind: 'flush' },
  { kind: 'write', writes: { durable: 'y' } },
  { kind: 'sync' },
  { kind: 'write', writes: { k1: null, tail: 'z' } },
];

/** The forms that tables and filters come in. */
const FORMS: readonly Pick<EngineOptions, 'compression' | 'bloomKind'>[] = [
  { compression: 'none', bloomKind: 'standard' },
  { compression: 'deflate', bloomKind: 'blocked' },
];

function filesOf(end: (typeof ends)[number]): Files {
  return databases.get(end) ?? new Map();
}

function withFile(files: Files, path: string, bytes: Uint8Array | undefined): Files {
  const changed = new Map(files);
  if (bytes === undefined) changed.delete(path);
  else changed.set(path, bytes);
  return changed;
}

function namedWals(files: Files): readonly string[] {
  const view = openView(readOnly(files));
  return view.version.walNumbers.map((number) => pathOf({ kind: 'wal', number }));
}

/** Checks the files, and holds every answer about them against what the engine says. */
async function judge(files: Files) {
  const vfs = readOnly(files);
  const { findings } = checkAll(vfs);
  const faults = findings.filter(({ kind }) => kind === 'fault');
  const [dumped, { content: recovered }] = [dumpAll(vfs), await recoverAll(files)];
  if (recovered instanceof EngineError) {
    expect(faults.map(({ file }) => file)).toContain(recovered.file);
    expect(dumped).toMatchObject({ code: 'ENGINE_CORRUPT', file: recovered.file });
  } else {
    expect(faults).toEqual([]);
    expect(dumped).toEqual(recovered);
  }
  for (const line of inspectAll(vfs)) expect(line).toMatch(/^[\x20-\x7e\n]+$/);
  return findings;
}

test('the database that is damaged has tables in several levels and a WAL, and is sound', () => {
  for (const end of ends) {
    const paths = [...filesOf(end).keys()];
    for (const start of ['l1/', 'l2/', 'wal/', 'MANIFEST'])
      expect(paths.some((path) => path.startsWith(start))).toBe(true);
    expect(checkAll(readOnly(filesOf(end))).findings).toEqual([]);
  }
});

describe('every byte of every file', () => {
  /** One after the other, each bit of a byte in turn. */
  const flipped = (bytes: Uint8Array, offset: number, mask = 1 << (offset % 8)): Uint8Array => {
    const damaged = Uint8Array.from(bytes);
    damaged[offset]! ^= mask;
    return damaged;
  };

  test.each(FORMS)(
    '%s: a change is found in its file, no further than it, and the engine agrees',
    async (form) => {
      const files = await makeFiles('crash', FEW, form);
      const seen = new Set<string>();
      for (const [path, bytes] of files) {
        for (let offset = 0; offset < bytes.length; offset++) {
          const findings = (await judge(withFile(files, path, flipped(bytes, offset)))).filter(
            ({ file }) => file === path,
          );
          expect(findings, `${path} at byte ${offset}`).not.toEqual([]);
          for (const { kind, offset: found = 0 } of findings) {
            expect(found, `${path} at byte ${offset}`).toBeLessThanOrEqual(bytes.length);
            seen.add(`${kind} ${path.replace(/[\d-]+/g, '')}`);
          }
        }
      }
      // A note is a torn tail: what no record behind it knows to be durable cannot be told from one.
      expect([...seen].sort()).toEqual(
        ['fault MANIFEST', 'fault l/.sst', 'fault wal/.wal', 'note wal/.wal', 'warning l/.bloom'].sort(),
      );
    },
  );

  test.each(FORMS)(
    '%s: after a change that a new checksum covers nobody throws or prints what is not text',
    async (form) => {
      const files = await makeFiles('crash', FEW, form);
      let changed = 0;
      for (const [path, bytes] of files) {
        for (let offset = 0; offset < bytes.length; offset++) {
          for (const mask of [1 << (offset % 8), 0xff]) {
            const sealed = resealed(path, bytes, flipped(bytes, offset, mask));
            if (sealed === undefined) continue;
            changed++;
            const vfs = readOnly(withFile(files, path, sealed));
            // Any error but the one of a dump fails the test.
            dumpAll(vfs);
            for (const finding of checkAll(vfs).findings)
              expect(findingText(finding)).toMatch(/^[\x20-\x7e]+$/);
            for (const line of inspectAll(vfs)) expect(line).toMatch(/^[\x20-\x7e\n]+$/);
          }
        }
      }
      expect(changed).toBeGreaterThan(500);
    },
  );
});

describe.each(ends)('after a %s', (end) => {
  const place = fc.record({ file: fc.nat(), offset: fc.nat(), flip: fc.integer({ min: 1, max: 255 }) });

  test('wherever a file is cut, a check names it and agrees with the engine', async () => {
    await fc.assert(
      fc.asyncProperty(place, async ({ file, offset }) => {
        const files = filesOf(end);
        const [path, bytes] = [...files][file % files.size] as [string, Uint8Array];
        const length = offset % bytes.length;
        const findings = await judge(withFile(files, path, bytes.subarray(0, length)));
        // A WAL that is cut between two records shows nothing: what is gone had never been there, for all it says.
        if (!path.startsWith('wal/')) expect(findings.map((finding) => finding.file)).toContain(path);
      }),
      { numRuns: 80 },
    );
  });

  test('whatever part of a file turns to zeros or comes from elsewhere, a check agrees with the engine', async () => {
    const stretch = fc.record({
      file: fc.nat(),
      from: fc.nat(),
      start: fc.nat(),
      length: fc.integer({ min: 1, max: 80 }),
    });
    await fc.assert(
      fc.asyncProperty(stretch, fc.boolean(), async ({ file, from, start, length }, zeros) => {
        const files = filesOf(end);
        const all = [...files];
        const [path, bytes] = all[file % all.length] as [string, Uint8Array];
        const source = zeros ? new Uint8Array(0) : (all[from % all.length]?.[1] ?? new Uint8Array(0));
        const damaged = Uint8Array.from(bytes);
        const at = start % bytes.length;
        damaged.fill(0, at, at + length).set(source.subarray(at, Math.min(at + length, bytes.length)), at);
        await judge(withFile(files, path, damaged));
      }),
      { numRuns: 80 },
    );
  });

  test('a file that is gone is a fault, or a warning if it is a filter', async () => {
    const named = namedWals(filesOf(end));
    for (const path of filesOf(end).keys()) {
      // Of a WAL that was made after the MANIFEST nobody knows but the WAL.
      if (path.startsWith('wal/') && !named.includes(path)) continue;
      const files = withFile(filesOf(end), path, undefined);
      // Without its MANIFEST a database has no file of which somebody could say that it is missing.
      const findings = path.startsWith('MANIFEST') ? [] : await judge(files);
      if (path.startsWith('MANIFEST')) expect(faultyFiles(readOnly(files)).length).toBeGreaterThan(0);
      else if (path.endsWith('.bloom')) expect(findings).toMatchObject([{ kind: 'warning', file: path }]);
      else expect(findings).toContainEqual(expect.objectContaining({ kind: 'fault', file: path, offset: 0 }));
    }
  });

  test('a file with the bytes of another one of its kind is a fault, or a warning if it is a filter', async () => {
    const files = filesOf(end);
    const kindOf = (path: string) => path.replace(/^.*\./, '');
    for (const [path, bytes] of files) {
      const other = [...files].find(([name]) => name > path && kindOf(name) === kindOf(path));
      if (other === undefined || Buffer.compare(other[1], bytes) === 0) continue;
      const findings = await judge(withFile(files, path, other[1]));
      expect(findings.map(({ file }) => file)).toContain(path);
    }
  });
});

test('every fault of a database is reported, not only the first', async () => {
  const files = new Map(filesOf('close'));
  const tables = [...files.keys()].filter((path) => path.endsWith('.sst'));
  expect(tables.length).toBeGreaterThan(2);
  for (const path of tables) files.set(path, Uint8Array.from(files.get(path) ?? []).fill(0x55, 3, 4));
  expect(faultyFiles(readOnly(files))).toEqual(expect.arrayContaining(tables));
});

test('with a MANIFEST that cannot be read the WALs are still checked, and tables are said not to be', () => {
  const files = new Map(filesOf('crash'));
  const manifest = [...files.keys()].find((path) => path.startsWith('MANIFEST')) ?? '';
  const wal =
    [...files.keys()].find((path) => path.startsWith('wal/') && (files.get(path)?.length ?? 0) > 60) ?? '';
  files.set(manifest, Uint8Array.of(1, 2, 3));
  files.set(wal, Uint8Array.from(files.get(wal) ?? []).fill(0x55, 20, 21));
  const { findings } = checkAll(readOnly(files));
  expect(findings).toContainEqual(expect.objectContaining({ kind: 'fault', file: manifest }));
  expect(findings).toContainEqual(expect.objectContaining({ kind: 'fault', file: wal }));
  const table = [...files.keys()].find((path) => path.endsWith('.sst')) ?? '';
  expect(findings).toContainEqual(expect.objectContaining({ kind: 'note', file: table }));
});
