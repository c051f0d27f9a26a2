import { type Choice, PICK_KEPT, PICK_LOST } from '../choices.js';
import type { Disk } from '../disk.js';
import { applyEntryChange } from '../entry-changes.js';
import { isWrite, KEPT, LINKED, type Model } from '../model.js';
import { grows } from '../models/pages.js';
import { inodesOf, Simulation } from '../simulation.js';
import { isChange, isDataChange, type TraceStep } from '../trace.js';
import { Budget, BudgetSpent } from './budget.js';
import { fileArrivals } from './file-arrivals.js';
import { type Arrival, sliceBytesOf } from './possible-content.js';
import { sameNames, sameTree } from './read-tree.js';

/**
 * Whether a disk that was really found after a crash is one of the states that a model allows at the end of a trace.
 *
 * The choices are searched, not the states: first which entry changes give the names that were found; for each such
 * choice in which ways the changes of each file give its bytes (file-arrivals.ts); then whether one way a file can be
 * picked so that everything that is there has what it needs. Changes of files that have no name show in nothing, so as
 * much of them is kept as their own needs allow, which helps the others most.
 */
export function findState(
  model: Model,
  start: Disk,
  steps: readonly TraceStep[],
  found: Disk,
  tries = TRIES_MAX,
): Membership {
  const simulation = new Simulation(model, start);
  for (const step of steps) simulation.advance(step);
  const choices = simulation.choices();
  const everythingKept = sameTree(found, simulation.state(choices.map(() => PICK_KEPT)));
  const search: Search = { simulation, choices, start, steps, found, budget: new Budget(tries) };
  const nearest: Nearest = { namesFit: false, misfits: [] };
  try {
    for (const entries of entryWays(search)) {
      const way = completed(search, entries, nearest);
      if (way !== undefined) return { kind: 'allowed', everythingKept, shape: shapeOf(choices, way) };
    }
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    return { kind: 'undecided', everythingKept };
  }
  const why = nearest.namesFit
    ? nearest.misfits.length > 0
      ? `No choice gives the content of ${nearest.misfits.join(', ')}.`
      : 'Each file alone is possible, but not all of them together.'
    : 'No choice gives these names.';
  return { kind: 'impossible', everythingKept, why };
}

export type Membership = {
  /** Nothing was lost at all, so the finding proves little. */
  readonly everythingKept: boolean;
} & (
  | {
      readonly kind: 'allowed';
      /** What became of each pending change in one choice that explains the disk: `create+ write~ rename-`. */
      readonly shape: string;
    }
  | { readonly kind: 'impossible'; readonly why: string }
  /** The search was too long. */
  | { readonly kind: 'undecided' }
);

const TRIES_MAX = 200_000;

interface Search {
  readonly simulation: Simulation;
  readonly choices: readonly Choice[];
  readonly start: Disk;
  readonly steps: readonly TraceStep[];
  readonly found: Disk;
  readonly budget: Budget;
}

/** By index of the choice. */
type Way = ReadonlyMap<number, Arrival>;

interface Nearest {
  namesFit: boolean;
  misfits: readonly string[];
}

/** The choices of entry changes that give the names that were found and do not contradict themselves. */
function* entryWays({ simulation, choices, found, budget }: Search): Iterable<Way> {
  const entries = [...choices.keys()].filter((index) => !isData(choices, index));
  function* walk(place: number, way: Way): Iterable<Way> {
    budget.spend(1);
    const index = entries[place];
    if (index === undefined) {
      if (sameNames(simulation.state(picks(choices, way)), found)) yield way;
      return;
    }
    const possible = needsOf(choices, index).every((need) => way.get(need) !== 'lost');
    if (possible) yield* walk(place + 1, new Map(way).set(index, 'whole'));
    // Of a rename that a sync forced in part this is the part.
    if (choices[index]?.pending.forced !== true) yield* walk(place + 1, new Map(way).set(index, 'lost'));
  }
  yield* walk(0, new Map());
}

/** The entry changes and what may have become of the data with them; undefined if the contents do not fit. */
function completed(search: Search, entries: Way, nearest: Nearest): Way | undefined {
  const { choices, found, budget } = search;
  const bare = search.simulation.state(picks(choices, entries));
  const names = namesOf(search, entries);
  const data = [...choices.keys()].filter((index) => isData(choices, index));
  const sliceBytes = sliceBytesOf(choices);
  const needed = new Set(
    [...entries].flatMap(([index, arrival]) => (arrival === 'lost' ? [] : needsOf(choices, index))),
  );
  const misfits: string[] = [];
  const files = [...found.files].map(([path, { bytes }]) => {
    const indexes = data.filter((index) => inodeOf(choices, index) === names.get(path));
    const changes = indexes.flatMap((index) => {
      const choice = choices[index];
      if (choice === undefined) return [];
      const possible = choice.needs.every((need) => entries.get(need) !== 'lost');
      return [{ choice, allowed: allowedArrivals(choice, needed.has(index), possible) }];
    });
    const durable = bare.files.get(path)?.bytes ?? new Uint8Array(0);
    const ways = fileArrivals({ durable, changes, bytes, sliceBytes }, budget);
    if (ways.length === 0) misfits.push(path);
    return { indexes, ways };
  });
  if (!nearest.namesFit || misfits.length < nearest.misfits.length) nearest.misfits = misfits;
  nearest.namesFit = true;
  if (misfits.length > 0) return undefined;
  return combined(search, entries, files);
}

function allowedArrivals(choice: Choice, needed: boolean, possible: boolean): readonly Arrival[] {
  if (choice.pending.forced === true) return ['whole'];
  if (needed) return possible ? ['whole'] : [];
  const within: readonly Arrival[] = choice.zeroed === undefined ? [] : ['within'];
  if (possible) return ['whole', 'torn', 'size', ...within, 'lost'];
  return isWrite(choice.pending) ? [...within, 'lost'] : ['torn', 'lost'];
}

/** Picks a way for each file so that they fit together. */
function combined(
  { choices, budget }: Search,
  entries: Way,
  files: readonly { readonly indexes: readonly number[]; readonly ways: readonly (readonly Arrival[])[] }[],
): Way | undefined {
  const walk = (place: number, way: Way): Way | undefined => {
    budget.spend(1);
    const file = files[place];
    if (file === undefined) {
      const whole = withInvisible(choices, way);
      return fits(choices, whole) ? whole : undefined;
    }
    for (const ofFile of file.ways) {
      const longer = new Map(way);
      for (const [at, index] of file.indexes.entries()) longer.set(index, ofFile[at] ?? 'lost');
      const result = fits(choices, longer) ? walk(place + 1, longer) : undefined;
      if (result !== undefined) return result;
    }
    return undefined;
  };
  return walk(0, entries);
}

function withInvisible(choices: readonly Choice[], way: Way): Way {
  const all = new Map(way);
  for (const [index, choice] of choices.entries()) {
    if (all.has(index)) continue;
    // What it needs is earlier, so it is decided.
    const { outcomes } = choice;
    const sized =
      isWrite(choice.pending) &&
      outcomes.some((outcome) => outcome.kind === 'remnant' && outcome.part === 'none');
    const arrivals: readonly Arrival[] = sized ? ['whole', 'size'] : ['whole'];
    all.set(index, arrivals.find((arrival) => hasWhatItNeeds(choices, choice, arrival, all)) ?? 'lost');
  }
  return all;
}

/** True if nothing is there that lacks something it needs, as far as it is decided. */
function fits(choices: readonly Choice[], way: Way): boolean {
  return [...way].every(([index, arrival]) => {
    const choice = choices[index];
    return choice === undefined || hasWhatItNeeds(choices, choice, arrival, way);
  });
}

/** The rule of isPossible in choices.ts. What is not decided counts as there. */
function hasWhatItNeeds(
  choices: readonly Choice[],
  { pending, needs, reaches, zeroed }: Choice,
  arrival: Arrival,
  way: Way,
): boolean {
  if (arrival === 'lost' || pending.forced === true) return true;
  // The page that a truncation zeroed, and what was written to it since.
  if (arrival === 'torn' && !isWrite(pending)) return true;
  if (arrival === 'within') return zeroed !== undefined && way.get(zeroed.by) === 'torn';
  const isThere = (index: number) => way.get(index) !== 'lost';
  const isWhole = (index: number) => (way.get(index) ?? 'whole') === 'whole';
  const isSized = (index: number) => {
    const needed = choices[index]?.pending;
    return needed !== undefined && isWrite(needed) && (isThere(index) || !grows(needed));
  };
  return (
    reaches.every(isThere) && needs.every((need) => isWhole(need) || (arrival === 'size' && isSized(need)))
  );
}

/** The inode behind each name: durable entry changes first, then the pending ones that are kept. */
function namesOf({ start, steps, choices }: Search, entries: Way): ReadonlyMap<string, number> {
  const pending = new Map([...choices.entries()].map(([index, choice]) => [choice.pending.step, index]));
  const changes = steps.flatMap((step, place) =>
    isChange(step) && !isDataChange(step) ? [{ step, index: pending.get(place) }] : [],
  );
  const names = inodesOf(start);
  const directories = new Set(start.directories);
  for (const { step, index } of changes)
    if (index === undefined) applyEntryChange(names, directories, step, KEPT);
  for (const { step, index } of changes) {
    if (index === undefined) continue;
    const linked = choices[index]?.pending.linked === true;
    if (entries.get(index) === 'whole') applyEntryChange(names, directories, step, KEPT);
    else if (linked && step.kind === 'rename') applyEntryChange(names, directories, step, LINKED);
  }
  return names;
}

/** What is not decided counts as lost: data, while only names are looked at. */
function picks(choices: readonly Choice[], way: Way): readonly number[] {
  return [...choices.keys()].map((index) => (way.get(index) === 'whole' ? PICK_KEPT : PICK_LOST));
}

function shapeOf(choices: readonly Choice[], way: Way): string {
  const signs = { whole: '+', torn: '~', within: '~', size: '0', lost: '-' } as const;
  return choices
    .map(({ pending }, index) => `${pending.change.kind}${signs[way.get(index) ?? 'lost']}`)
    .join(' ');
}

function needsOf(choices: readonly Choice[], index: number): readonly number[] {
  return choices[index]?.needs ?? [];
}

function isData(choices: readonly Choice[], index: number): boolean {
  const change = choices[index]?.pending.change;
  return change !== undefined && isDataChange(change);
}

function inodeOf(choices: readonly Choice[], index: number): number | undefined {
  const change = choices[index]?.pending.change;
  return change !== undefined && isDataChange(change) ? change.inode : undefined;
}
