import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Snapshots } from './snapshots.js';

test('held are the sequences with more takes than releases, and a second release does nothing', () => {
  const command = fc.record({ take: fc.boolean(), value: fc.nat({ max: 5 }) });
  fc.assert(
    fc.property(fc.array(command), (commands) => {
      const snapshots = new Snapshots();
      const taken: { sequence: number; release: () => void; held: boolean }[] = [];
      for (const { take, value } of commands) {
        const old = taken[value];
        if (take) {
          taken.push({ ...snapshots.take(value), held: true });
        } else if (old !== undefined) {
          old.release();
          old.held = false;
        }
        const held = new Set(taken.filter((snapshot) => snapshot.held).map(({ sequence }) => sequence));
        expect(snapshots.sequences()).toEqual([...held].sort());
      }
    }),
  );
});
