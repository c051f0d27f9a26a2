import { expect, test } from 'vitest';
import type { CrashCase, Life } from '../workload/case.js';
import { playInMemory } from './play-in-memory.js';
import { strikeEarlier } from './strike-earlier.js';

const PUTS: Life['operations'] = ['a', 'b', 'c'].map((key) => ({
  operation: { kind: 'put', key, value: `${key}1` },
}));

test('the power fails at the first moment that is taken, and operations that are not begun then go', async () => {
  const crashCase = caseOf([{ operations: PUTS, end: 'power posix idle lose wal/append#1' }]);
  expect(await strike(crashCase, () => true)).toEqual([
    { operations: PUTS.slice(0, 1), end: 'power posix after wal/append #1 lose wal/append#1' },
  ]);
});

test('a moment at which nothing goes wrong yet is passed by', async () => {
  const crashCase = caseOf([{ operations: PUTS, end: 'power posix idle lose wal/append#1' }]);
  // Right after the append nobody has been told.
  const isTold = ({ end }: Life): boolean => !end.includes('after wal/append #1');
  expect(await strike(crashCase, isTold)).toEqual([
    { operations: PUTS.slice(0, 2), end: 'power posix before wal/append #2 lose wal/append#1' },
  ]);
});

test('what an earlier life lost that was killed is lost in that life', async () => {
  const crashCase = caseOf([
    { operations: PUTS, end: 'kill idle' },
    { operations: [], end: 'power posix before manifest/rename #1 lose 0:wal/append#2' },
  ]);
  expect(await strike(crashCase, () => true)).toEqual([
    { operations: PUTS.slice(0, 2), end: 'power posix after wal/append #2 lose wal/append#2' },
  ]);
});

test('a life that loses something of its own stays', async () => {
  const lives = [
    { operations: PUTS, end: 'kill idle' },
    { operations: [], end: 'power posix after manifest/rename #1 lose 0:wal/append#2 manifest/rename#1' },
  ];
  expect(await strike(caseOf(lives), () => true)).toEqual(lives);
});

test('the moment that it already strikes at is not tried again', async () => {
  const lives = [{ operations: PUTS, end: 'power posix after wal/append #1 lose wal/append#1' }];
  const tried: (string | undefined)[] = [];
  await strikeEarlier(caseOf(lives), (candidate) => {
    if (candidate.lives[0]?.operations.length === PUTS.length) tried.push(candidate.lives[0].end);
    return Promise.resolve(false);
  });
  expect(tried).toContain('power posix before wal/append #1 lose wal/append#1');
  expect(tried).not.toContain(lives[0]?.end);
});

test('a power loss that takes nothing is left as it is', async () => {
  const lives = [{ operations: PUTS, end: 'power posix idle' }];
  expect(await strike(caseOf(lives), () => true)).toEqual(lives);
});

/** Takes what is wanted, if the power really fails as planned. */
async function strike(crashCase: CrashCase, isWanted: (life: Life) => boolean): Promise<readonly Life[]> {
  let smallest = crashCase;
  await strikeEarlier(crashCase, async (candidate, number) => {
    const life = candidate.lives[number];
    const { lives } = await playInMemory(candidate);
    if (life === undefined || !isWanted(life) || lives[number]?.fired !== true) return false;
    smallest = candidate;
    return true;
  });
  return smallest.lives;
}

function caseOf(lives: readonly Life[]): CrashCase {
  return { format: 1, scenario: 'some', target: 'lsm', options: {}, seed: 1, lives };
}
