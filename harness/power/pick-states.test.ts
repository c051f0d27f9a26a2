import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Choice, close, PICK_KEPT, PICK_LOST } from '../disk/choices.js';
import { KEPT, LOST, type Outcome } from '../disk/model.js';
import { stream } from '../random.js';
import { type PickLimits, pickStates } from './pick-states.js';

const REMNANTS: readonly Outcome[] = [
  { kind: 'remnant', part: 'none', at: 0, fill: 'zeros' },
  { kind: 'remnant', part: 'head', at: 512, fill: 'nothing' },
];

/** Choices that need and reach earlier ones at random; some are forced, some can be torn. */
function choices(countMax: number): fc.Arbitrary<readonly Choice[]> {
  const one = fc.record({
    needs: fc.array(fc.nat(), { maxLength: 2 }),
    reaches: fc.array(fc.nat(), { maxLength: 1 }),
    torn: fc.nat({ max: 2 }),
    forced: fc.nat({ max: 5 }).map((drawn) => drawn === 0),
  });
  return fc.array(one, { maxLength: countMax }).map((drawn) =>
    drawn.map(({ needs, reaches, torn, forced }, index): Choice => {
      const earlier = (numbers: readonly number[]) =>
        index === 0 || forced ? [] : [...new Set(numbers.map((number) => number % index))];
      return {
        pending: {
          change: { kind: 'create', label: 'wal/create', inode: index + 1, path: `${index}` },
          step: index,
          name: `wal/create#${index + 1}`,
          sizeBefore: 0,
          durableBytes: 0,
          abandoned: false,
          forced,
        },
        needs: earlier(needs),
        reaches: earlier(reaches),
        outcomes: forced ? [KEPT] : [KEPT, LOST, ...REMNANTS.slice(0, torn)],
      };
    }),
  );
}

test('where there are few states all closed ones are picked, each once', () => {
  fc.assert(
    fc.property(choices(5), (all) => {
      const limits = { exhaustiveMax: 1024, statesMax: 1 };
      const { picks, reachable, exhausted } = pickStates(all, limits, stream(1, 'test'));
      const closed = combinations(all).filter((picked) => isClosed(all, picked));
      expect(exhausted).toBe(true);
      expect(reachable).toBe(closed.length);
      expect(textsOf(picks)).toEqual(textsOf(closed));
    }),
  );
});

test('where there are many no pick is open or comes twice, and there are no more than were asked for', () => {
  const limit = fc.record({ exhaustiveMax: fc.nat({ max: 3 }), statesMax: fc.integer({ min: 1, max: 60 }) });
  fc.assert(
    fc.property(choices(12), limit, fc.nat(), (all, limits, seed) => {
      const { picks, reachable, exhausted } = pickStates(all, limits, stream(seed, 'test'));
      fc.pre(!exhausted);
      expect(picks.length).toBeGreaterThan(0);
      expect(picks.length).toBeLessThanOrEqual(limits.statesMax);
      expect(new Set(picks.map(String)).size).toBe(picks.length);
      for (const picked of picks) expect(isClosed(all, picked), String(picked)).toBe(true);
      expect(reachable).toBeGreaterThanOrEqual(picks.length);
    }),
  );
});

test('the same seed picks the same states', () => {
  fc.assert(
    fc.property(choices(12), fc.nat(), (all, seed) => {
      const limits: PickLimits = { exhaustiveMax: 4, statesMax: 40 };
      const pick = () => pickStates(all, limits, stream(seed, 'test'));
      expect(pick()).toEqual(pick());
    }),
  );
});

test('of many states the first are: everything kept, everything lost, and each newest change alone lost', () => {
  const [all] = fc.sample(
    choices(20).filter((some) => some.length >= 10 && some.every(({ pending }) => pending.forced !== true)),
    { seed: 1, numRuns: 1 },
  );
  if (all === undefined) throw new Error('Expected choices.');
  const { picks } = pickStates(all, { exhaustiveMax: 4, statesMax: 3 }, stream(1, 'test'));
  const kept = all.map(() => PICK_KEPT);
  expect(picks).toEqual([kept, all.map(() => PICK_LOST), kept.with(-1, PICK_LOST)]);
});

test('a moment at which nothing can be lost has one state', () => {
  expect(pickStates([], { exhaustiveMax: 1, statesMax: 1 }, stream(1, 'test'))).toEqual({
    picks: [[]],
    reachable: 1,
    exhausted: true,
  });
});

function combinations(all: readonly Choice[]): readonly number[][] {
  return all.reduce<number[][]>(
    (picks, { outcomes }) => picks.flatMap((picked) => [...outcomes.keys()].map((pick) => [...picked, pick])),
    [[]],
  );
}

function isClosed(all: readonly Choice[], picked: readonly number[]): boolean {
  return String(close(all, [...picked])) === String(picked);
}

function textsOf(picks: readonly (readonly number[])[]): readonly string[] {
  return picks.map(String).sort();
}
