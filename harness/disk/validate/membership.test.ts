import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stream } from '../../random.js';
import { Content } from '../content.js';
import type { Disk } from '../disk.js';
import type { Model } from '../model.js';
import { modelOf, MODELS } from '../models/index.js';
import { posix } from '../models/posix.js';
import { close } from '../choices.js';
import { Simulation } from '../simulation.js';
import type { TraceStep } from '../trace.js';
import { GrowingTree } from './growing-tree.js';
import { findState } from './membership.js';
import { decodeObservation, type Observation } from './observation.js';
import { planTrial, randomBytes, traceOf } from './plan.js';

const bytes = randomBytes(stream(1, 'test'), 10_000);

describe.each(MODELS)('under $name', (model) => {
  test('every state that the simulator makes is found to be allowed', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), (seed, choiceSeed) => {
        const plan = planTrial(stream(seed, 'test'));
        const steps = traceOf(plan);
        const simulation = new Simulation(model, plan.start);
        for (const step of steps) simulation.advance(step);
        const choices = simulation.choices();
        const random = stream(choiceSeed, 'choices');
        const picked = close(
          choices,
          choices.map(({ outcomes }) => random.below(outcomes.length)),
        );
        const membership = findState(model, plan.start, steps, simulation.state(picked));
        // A search that gave up has not said no.
        expect(membership.kind).not.toBe('impossible');
      }),
      { numRuns: 40 },
    );
  });

  test('bytes that nobody wrote, in a file that nobody changed, are impossible', () => {
    const start = diskOf({ kept: bytes.subarray(0, 5000) });
    const tree = new GrowingTree(start);
    const steps = [tree.create('new'), tree.write('new', 0, bytes.subarray(0, 100))];
    const found = diskOf({ kept: bytes.subarray(1, 5001) });
    expect(findState(model, start, steps, found)).toMatchObject({
      kind: 'impossible',
      why: 'No choice gives the content of kept.',
    });
  });

  test('what a sync of the directory and of the file forced cannot be gone', () => {
    const start = diskOf({});
    const tree = new GrowingTree(start);
    const steps = [
      tree.create('new'),
      tree.write('new', 0, bytes.subarray(0, 100)),
      tree.sync('new', true),
      tree.syncDirectory(''),
    ];
    expect(findState(model, start, steps, diskOf({}))).toMatchObject({
      kind: 'impossible',
      why: 'No choice gives these names.',
    });
    expect(findState(model, start, steps, diskOf({ new: bytes.subarray(0, 100) }))).toMatchObject({
      kind: 'allowed',
      everythingKept: true,
    });
  });
});

test('a write may be cut at any page, not only where the simulator cuts it', () => {
  const start = diskOf({ file: new Uint8Array(10_000).fill(7) });
  const steps = [new GrowingTree(start).write('file', 0, bytes)];
  for (const pages of [[0], [1], [2], [0, 2], [1, 2]]) {
    const found = new Uint8Array(10_000).fill(7);
    for (const page of pages) found.set(bytes.subarray(page * 4096, (page + 1) * 4096), page * 4096);
    expect(findState(posix, start, steps, diskOf({ file: found })).kind).toBe('allowed');
  }
  const withinSector = new Uint8Array(10_000).fill(7);
  withinSector.set(bytes.subarray(0, 100));
  expect(findState(posix, start, steps, diskOf({ file: withinSector })).kind).toBe('impossible');
});

test('a file that grew shows other bytes than its own only where the model knows of garbage', () => {
  const start = diskOf({ file: bytes.subarray(0, 4096) });
  const steps = [new GrowingTree(start).write('file', 4096, bytes.subarray(0, 5000))];
  const rubbish = new Uint8Array(9096).fill(0xee);
  rubbish.set(bytes.subarray(0, 4096));
  const kindUnder = (name: string) => findState(modelOf(name), start, steps, diskOf({ file: rubbish })).kind;
  expect(kindUnder('ext4-writeback')).toBe('allowed');
  expect(kindUnder('ext4')).toBe('impossible');
  expect(kindUnder('xfs')).toBe('impossible');
});

test('files that are possible alone are impossible together if one needs the other', () => {
  const start = diskOf({ a: new Uint8Array(10), b: new Uint8Array(10) });
  const tree = new GrowingTree(start);
  const steps = [
    tree.write('a', 0, bytes.subarray(0, 10)),
    tree.write('b', 0, bytes.subarray(0, 10)),
  ] as const satisfies readonly TraceStep[];
  const found = diskOf({ a: new Uint8Array(10), b: bytes.subarray(0, 10) });
  const inOrder: Model = { ...posix, needs: (_change, earlier) => earlier };
  expect(findState(posix, start, steps, found).kind).toBe('allowed');
  expect(findState(inOrder, start, steps, found)).toMatchObject({
    kind: 'impossible',
    why: 'Each file alone is possible, but not all of them together.',
  });
});

test('a search that gets too long is undecided', () => {
  const plan = planTrial(stream(3, 'test'));
  const steps = traceOf(plan);
  expect(findState(posix, plan.start, steps, diskOf({ none: bytes }), 1).kind).toBe('undecided');
});

/**
 * What real file systems did that a model did not allow when it was found, as `ninelives disk validate` saved it: the
 * content of files that no step touched is left out, nothing else.
 */
const DIRECTORY = new URL('observations/', import.meta.url);

/** Gaps of the models that docs/disk-validate.md names. */
const KNOWN_GAPS = new Set(['xfs-3-132.json.gz']);
const names = readdirSync(DIRECTORY);

test.each(names.filter((name) => !KNOWN_GAPS.has(name)))(
  '%s is a state of its model, and of posix',
  (name) => {
    const { model, start, steps, found } = observed(name);
    const membership = findState(modelOf(model), start, steps, found);
    expect(membership).toMatchObject({ kind: 'allowed', everythingKept: false });
    expect(findState(modelOf('posix'), start, steps, found).kind).toBe('allowed');
  },
);

test.each([...KNOWN_GAPS])('%s is a gap still', (name) => {
  const { model, start, steps, found } = observed(name);
  expect(findState(modelOf(model), start, steps, found).kind).toBe('impossible');
});

function observed(name: string): Observation {
  return decodeObservation(gunzipSync(readFileSync(new URL(name, DIRECTORY))).toString());
}

function diskOf(files: Readonly<Record<string, Uint8Array>>): Disk {
  return {
    directories: new Set(),
    files: new Map(Object.entries(files).map(([path, content]) => [path, new Content(content)])),
  };
}
