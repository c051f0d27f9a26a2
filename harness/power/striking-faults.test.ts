import { expect, test } from 'vitest';
import { puts, testCase } from '../run/run-test-place.js';
import { withStrikingFaults } from './striking-faults.js';

const END = 'kill idle';

test('a fault that does not come so often strikes the last time that its sync comes', async () => {
  const faults = ['io-error EIO at wal/fsync #9', 'io-error EIO at flush/sst.fsync #2'];
  const flush = { operation: { kind: 'flush' } } as const;
  const crashCase = testCase([{ operations: [...puts('ab'), flush], faults, end: END }]);
  const [life] = (await withStrikingFaults(crashCase)).lives;
  expect(life).toEqual({
    ...crashCase.lives[0],
    // The first makes the WAL of a new database, the second makes the next WAL.
    faults: ['io-error EIO at wal/fsync #2', 'io-error EIO at flush/sst.fsync #1'],
  });
});

test('a fault that strikes, and one whose sync never comes, are left as they are', async () => {
  const striking = testCase([
    { operations: puts('a'), end: END },
    { operations: [], faults: ['io-error EIO at wal/fsync #1'], end: END },
  ]);
  expect(await withStrikingFaults(striking)).toEqual(striking);
  const never = testCase([
    { operations: puts('a'), faults: ['io-error EIO at compaction/sst.fsync #1'], end: END },
  ]);
  expect(await withStrikingFaults(never)).toEqual(never);
});
