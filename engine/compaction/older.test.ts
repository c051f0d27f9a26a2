import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../entry.js';
import { keys, sortedLevel } from '../manifest/manifest-test-arbitraries.js';
import { OlderTables } from './older.js';

test('a key may be held exactly where a table reaches over it, for keys that ascend and come twice', () => {
  fc.assert(
    fc.property(
      fc.array(
        sortedLevel(1, () => 1),
        { maxLength: 4 },
      ),
      fc.array(keys),
      (runs, asked) => {
        const older = new OlderTables(runs);
        for (const key of [...asked].sort(compareKeys)) {
          const held = runs
            .flat()
            .some(
              ({ smallest, largest }) => compareKeys(smallest, key) <= 0 && compareKeys(key, largest) <= 0,
            );
          expect(older.mayHold(key)).toBe(held);
        }
      },
    ),
    { numRuns: 300 },
  );
});
