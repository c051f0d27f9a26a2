import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathOf } from '../filenames.js';
import { tableMeta } from '../manifest/manifest-test-arbitraries.js';
import { Memtable } from '../memtable/memtable.js';
import { type Catalog, filesOf, livePaths, makeCatalog } from './catalog.js';
import { Catalogs } from './catalogs.js';

function catalogOf(
  manifestNumber: number,
  walNumbers: readonly number[],
  tables: readonly number[],
): Catalog {
  const logged = walNumbers.map((walNumber) => ({ memtable: new Memtable(), walNumber }));
  const active = logged.pop() ?? { memtable: new Memtable(), walNumber: 0 };
  return makeCatalog({
    active,
    flushing: logged,
    levels: [[], tables.map((number) => tableMeta({ number, level: 1 }))],
    manifestNumber,
  });
}

const paths = (catalog: Catalog): string[] => filesOf(catalog).map(pathOf);

test('a catalog names its MANIFEST, its WALs, and table and sidecar of each table', () => {
  expect(livePaths(catalogOf(9, [7, 8], [5]))).toEqual([
    'LOCK',
    'MANIFEST-000009',
    'l1/000005.bloom',
    'l1/000005.sst',
    'wal/000007.wal',
    'wal/000008.wal',
  ]);
});

test('a file is handed over once, when the last living catalog that names it goes, and never before', () => {
  const command = fc.oneof(
    fc.record({
      kind: fc.constant('replace' as const),
      tables: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }),
      wal: fc.integer({ min: 10, max: 14 }),
    }),
    fc.record({ kind: fc.constantFrom('pin' as const, 'release' as const), which: fc.nat({ max: 9 }) }),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
      const handed = new Set<string>();
      const pins: { catalog: Catalog; release: () => void }[] = [];
      let manifestNumber = 20;
      const catalogs = new Catalogs(catalogOf(manifestNumber, [10], [1]), (files) => {
        for (const file of files) {
          expect(handed).not.toContain(pathOf(file));
          handed.add(pathOf(file));
        }
      });
      const everNamed = new Set(paths(catalogs.current));
      for (const step of commands) {
        if (step.kind === 'replace') {
          // Numbers are never reused, so what a catalog stopped to name is not named again.
          const now = new Set(paths(catalogs.current));
          const isGone = (path: string): boolean => everNamed.has(path) && !now.has(path);
          const tables = step.tables.filter((number) => !isGone(`l1/00000${number}.sst`));
          const wal = isGone(`wal/0000${step.wal}.wal`) ? (manifestNumber += 100) : step.wal;
          catalogs.replace(catalogOf(++manifestNumber, [wal], tables));
          for (const path of paths(catalogs.current)) everNamed.add(path);
        } else if (step.kind === 'pin') {
          pins.push(catalogs.pin());
          expect(pins.at(-1)?.catalog).toBe(catalogs.current);
        } else {
          const [pin] = pins.splice(step.which % Math.max(1, pins.length), 1);
          pin?.release();
          pin?.release();
        }
        const current = new Set(paths(catalogs.current));
        const living = new Set([...current, ...pins.flatMap(({ catalog }) => paths(catalog))]);
        expect([...handed].sort()).toEqual([...everNamed].filter((path) => !living.has(path)).sort());
        expect(catalogs.heldByReaders()).toEqual([...living].filter((path) => !current.has(path)).sort());
      }
    }),
  );
});
