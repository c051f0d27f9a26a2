import { expect, test } from 'vitest';
import { PowerTally } from './power-tally.js';

test('a disk is counted once for each model that leaves it, however often it is tried', () => {
  const tally = new PowerTally();
  expect([
    tally.state('posix', 7),
    tally.state('posix', 7),
    tally.state('ext4', 7),
    tally.state('posix', 8),
  ]).toEqual([true, false, true, true]);
  const { models } = tally.counts();
  expect(models.map(({ model, tried, states }) => [model, tried, ...states])).toEqual([
    ['posix', 3, 7, 8],
    ['ext4', 1, 7],
  ]);
});

test('the digest tells the order of the states and what came out apart', () => {
  const digestOf = (...verdicts: readonly (readonly [number, boolean])[]): string => {
    const tally = new PowerTally();
    for (const [hash, legal] of verdicts) tally.verdict(hash, legal);
    return tally.counts().digest;
  };
  const digests = [
    digestOf([1, true], [2, true]),
    digestOf([2, true], [1, true]),
    digestOf([1, true], [2, false]),
    digestOf([1, true]),
  ];
  expect(new Set(digests).size).toBe(4);
  expect(digestOf([1, true], [2, true])).toBe(digests[0]);
});

test('recoveries are counted by depth, also if the first is a deep one', () => {
  const tally = new PowerTally();
  for (const depth of [3, 1, 1]) tally.recovered(depth);
  expect(tally.counts().depths).toEqual([2, 0, 1]);
});

test('a moment that was tried whole is told apart from one that was sampled', () => {
  const tally = new PowerTally();
  tally.reach('xfs', 4, true);
  tally.reach('xfs', 1000, false);
  expect(tally.counts().models).toMatchObject([
    { model: 'xfs', points: 2, reachable: 1004, exhaustedPoints: 1 },
  ]);
});
