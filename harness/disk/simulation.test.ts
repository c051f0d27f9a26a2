/**
 * The simulation against the naive one, which shares no code with it (naive-test-simulator.ts): on random traces, what
 * one says that a power loss may leave, the other must say too. Under posix the sets are equal. The journalled models
 * are held to invent nothing; what they leave out stands in docs/persistence-models.md, "Simplified".
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Content } from './content.js';
import { type Disk, EMPTY_DISK } from './disk.js';
import { FillBytes } from './fill-bytes.js';
import { MODEL_NAMES, type ModelName } from './model.js';
import { modelOf } from './models/index.js';
import type { FillFunction } from './naive-test-play.js';
import { naiveCost, naiveStates, seenText, treeText } from './naive-test-simulator.js';
import { traceText, tracesOf } from './naive-test-traces.js';
import { close } from './choices.js';
import { Simulation } from './simulation.js';
import { directoryOf, type TraceStep } from './trace.js';

const CHANGES_MAX = 7;
const COST_MAX = 1_500;

test.each(MODEL_NAMES)('under %s every simulated state is one that the rules allow', (model) => {
  onRandomTraces(model, ({ simulated, naive, about }) => {
    expect(shortened(simulated, naive), about).toEqual([]);
  });
});

test('under posix every state that the rules allow is simulated', () => {
  onRandomTraces('posix', ({ simulated, naive, about }) => {
    expect(shortened(naive, simulated), about).toEqual([]);
  });
});

test.each(MODEL_NAMES)('under %s what the process saw last may be what is left', (model) => {
  onRandomTraces(model, ({ simulated, seen, about }) => {
    expect(simulated.has(seen), about).toBe(true);
  });
});

test('a simulation leaves the disk that it began with as it was', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const simulation = new Simulation(modelOf('posix'), {
    ...EMPTY_DISK,
    files: new Map([['a', new Content(bytes)]]),
  });
  simulation.advance({
    kind: 'write',
    label: 'x',
    inode: 1,
    path: 'a',
    offset: 0,
    bytes: Uint8Array.of(9),
  });
  simulation.advance({
    kind: 'sync',
    label: 'x',
    inode: 1,
    path: 'a',
    whole: true,
    since: 1,
    answered: true,
  });
  simulation.state([]);
  expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
});

interface Comparison {
  readonly simulated: ReadonlySet<string>;
  readonly naive: ReadonlySet<string>;
  /** The tree that the process saw last. */
  readonly seen: string;
  /** For the message. */
  readonly about: string;
}

function onRandomTraces(model: ModelName, check: (comparison: Comparison) => void): void {
  fc.assert(
    fc.property(tracesOf(CHANGES_MAX), ({ disk, steps }) => {
      fc.pre(naiveCost(model, disk, steps) <= COST_MAX);
      const naive = naiveStates(model, disk, steps, fillOf(disk, steps));
      const simulated = simulate(model, disk, steps);
      const seen = seenText(disk, steps);
      check({ simulated, naive, seen, about: `${diskText(disk)}\n${traceText(steps)}` });
    }),
    { numRuns: 300 },
  );
}

/** Every combination of outcomes, closed. */
function simulate(model: ModelName, disk: Disk, steps: readonly TraceStep[]): ReadonlySet<string> {
  const simulation = new Simulation(modelOf(model), disk);
  for (const step of steps) simulation.advance(step);
  const choices = simulation.choices();
  const tried = [...tuples(choices.map(({ outcomes }) => outcomes.length))];
  return new Set(tried.map((picked) => diskText(simulation.state(close(choices, picked)))));
}

function* tuples([count, ...others]: readonly number[]): Generator<number[]> {
  if (count === undefined) yield [];
  else for (let pick = 0; pick < count; pick++) for (const rest of tuples(others)) yield [pick, ...rest];
}

/** What garbage and stale bytes are is arbitrary, so both simulators take them from the same place. */
function fillOf(disk: Disk, steps: readonly TraceStep[]): FillFunction {
  const fill = new FillBytes();
  for (const [index, path] of [...disk.files.keys()].sort().entries())
    fill.add(index + 1, directoryOf(path), disk.files.get(path)?.bytes);
  for (const step of steps) {
    if (step.kind === 'create') fill.add(step.inode, directoryOf(step.path));
    if (step.kind === 'write') fill.write(step.inode, step.offset, step.bytes);
  }
  return (kind, inode, step, start, length) => fill.bytes(kind, { inode, step, start, length });
}

function diskText({ directories, files }: Disk): string {
  const contents = [...files].map(([path, content]) => [path, content.bytes] as const);
  return treeText({ directories, files: new Map(contents) });
}

/** The states that are not among the others, with runs of one byte cut short. */
function shortened(states: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...states]
    .filter((state) => !others.has(state))
    .map((state) => state.replace(/(..)\1{5,}/g, (run, byte: string) => `(${byte} x ${run.length / 2})`));
}
