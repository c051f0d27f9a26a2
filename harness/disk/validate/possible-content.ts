import { type Fill, isWrite, type PendingWrite, type Remnant } from '../model.js';
import type { Choice } from '../choices.js';

/**
 * All contents that a file may have after a choice of its changes, kept slice by slice: a write that arrived in part
 * may have left each of its slices new or old, so a set of candidates a slice says what a list of whole contents would
 * take 2^n entries for. The simulator makes only a few samples of these (remnants.ts); what it samples tells which parts
 * and fills the model allows, and here every cut at a slice is taken for allowed.
 */
export interface PossibleContent {
  readonly size: number;
  /** For each slice its candidates, each of `sliceBytes` values: a byte or ANY. Zeros from `size` on. */
  readonly slices: readonly (readonly Int16Array[])[];
  readonly sliceBytes: number;
}

/**
 * What a change left: all of it, some of its data (of a truncation: only the zeros in the page that it cut), only the size
 * that it gave the file, nothing. `within`: its bytes are in a page that a truncation zeroed, and the file did not grow.
 */
export type Arrival = 'whole' | 'torn' | 'within' | 'size' | 'lost';

/** The only content that a file has which is known. */
export function knownContent(bytes: Uint8Array, sliceBytes: number): PossibleContent {
  const slices: Int16Array[][] = [];
  for (let start = 0; start < bytes.length; start += sliceBytes) {
    const slice = new Int16Array(sliceBytes);
    slice.set(bytes.subarray(start, start + sliceBytes));
    slices.push([slice]);
  }
  return { size: bytes.length, slices, sliceBytes };
}

/** True if these may be the bytes. */
export function allows(content: PossibleContent, bytes: Uint8Array): boolean {
  if (content.size !== bytes.length) return false;
  const { sliceBytes } = content;
  return content.slices.every((candidates, index) => {
    const there = bytes.subarray(index * sliceBytes, (index + 1) * sliceBytes);
    return candidates.some((candidate) =>
      there.every((byte, at) => candidate[at] === byte || candidate[at] === ANY),
    );
  });
}

/**
 * The contents after one more change that arrived like this; several, since a torn write may have several sizes.
 * `sizeSeen` is the size that the file really has in the end: cuts at it are tried besides those at pages.
 */
export function after(
  content: PossibleContent,
  choice: Choice,
  arrival: Arrival,
  sizeSeen: number,
): readonly PossibleContent[] {
  const { pending, outcomes } = choice;
  const { change } = pending;
  if (arrival === 'lost') return [content];
  if (change.kind === 'truncate') {
    if (arrival === 'whole') return [resized(content, change.length)];
    const zeroed = outcomes.some(({ kind }) => kind === 'remnant');
    return arrival === 'torn' && zeroed ? [cutPageZeroed(content, change.length)] : [];
  }
  if (!isWrite(pending)) return [];
  const end = pending.change.offset + pending.change.bytes.length;
  if (arrival === 'whole')
    return [placed(content, pending, { size: end, fill: 'zeros', arrives: () => NEW })];
  if (arrival === 'within') {
    const page = Math.floor(pending.change.offset / PAGE_BYTES);
    const arrives = (start: number) => (Math.floor(start / PAGE_BYTES) === page ? NEW : OLD);
    return [placed(content, pending, { size: 0, fill: 'nothing', arrives })];
  }
  const remnants = remnantsOf(choice);
  const cuts = cutsOf(pending, remnants, content.sliceBytes, sizeSeen);
  const placings =
    arrival === 'size'
      ? sizePlacings(pending, remnants, cuts)
      : tornPlacings(content, pending, remnants, cuts);
  return placings.map((placing) => placed(content, pending, placing));
}

/** The smallest slices at which these choices cut: a page, or a sector where a model cuts there. */
export function sliceBytesOf(choices: readonly Choice[]): number {
  const inPage = choices.some((choice) => {
    const { pending } = choice;
    return (
      isWrite(pending) &&
      remnantsOf(choice).some(
        ({ part, at }) => part !== 'none' && (pending.change.offset + at) % PAGE_BYTES !== 0,
      )
    );
  });
  return inPage ? SECTOR_BYTES : PAGE_BYTES;
}

/** Without what is possible in a page that a truncation zeroed only. */
function remnantsOf({ outcomes, zeroed }: Choice): readonly Remnant[] {
  const others = outcomes.filter((_, index) => index !== zeroed?.pick);
  return others.filter((outcome) => outcome.kind === 'remnant');
}

const PAGE_BYTES = 4096;
const SECTOR_BYTES = 512;
/** A value that stands for every byte: what an unwritten block shows. */
const ANY = -1;

/** Whether a slice of a write arrived; both values if it may or may not have. */
type Arrives = readonly boolean[];
const NEW: Arrives = [true];
const OLD: Arrives = [false];
const EITHER: Arrives = [true, false];

interface Placing {
  /** How far the file reaches at least. */
  readonly size: number;
  /** What lies where the file grew and nothing arrived. */
  readonly fill: Fill;
  /** For the slice that begins here, in bytes from the start of the file. */
  readonly arrives: (start: number, end: number) => Arrives;
}

/** The size came and no data: the whole size, or as far as a cut. */
function sizePlacings(
  { change: { offset, bytes } }: PendingWrite,
  remnants: readonly Remnant[],
  cuts: readonly number[],
): readonly Placing[] {
  const fills = remnants.filter(({ part }) => part === 'none').map(({ fill }) => fill);
  const sizes = [offset + bytes.length, ...(cutsSize(remnants) ? cuts : [])];
  return fills.flatMap((fill) => sizes.map((size): Placing => ({ size, fill, arrives: () => OLD })));
}

function tornPlacings(
  content: PossibleContent,
  { change: { offset, bytes } }: PendingWrite,
  remnants: readonly Remnant[],
  cuts: readonly number[],
): readonly Placing[] {
  const end = offset + bytes.length;
  return FILLS.flatMap((fill): readonly Placing[] => {
    const ofFill = remnants.filter((remnant) => remnant.fill === fill);
    // Below the last place from which a tail may arrive, slices arrive in any order; above it from the front.
    const tails = ofFill.flatMap(({ part, at }) => (part === 'tail' ? [offset + at] : []));
    const unordered = Math.max(0, ...tails);
    const head = ofFill.some(({ part }) => part === 'head');
    const stops = [...(head ? cuts : []), ...(unordered > 0 ? [end] : [])];
    return stops.flatMap((stop) => {
      // What makes the file reach so far has arrived.
      const grownTo = fill === 'nothing' && stop > content.size ? stop : Infinity;
      const arrives = (from: number, to: number) =>
        from >= stop ? OLD : from < unordered && to < grownTo ? EITHER : NEW;
      const further = cutsSize(remnants) ? cuts.filter((cut) => cut >= stop) : [];
      const sizes = fill === 'nothing' ? [stop] : [end, ...further];
      return sizes.map((size): Placing => ({ size, fill, arrives }));
    });
  });
}

/**
 * Whether the file may reach to a cut only. The simulator samples such a size, and a size without its data, one at a
 * time; real file systems do both at once, so here both may be.
 */
function cutsSize(remnants: readonly Remnant[]): boolean {
  return remnants.some(({ part, fill }) => part === 'head' && fill === 'nothing');
}

const FILLS: readonly Fill[] = ['nothing', 'zeros', 'garbage', 'stale'];

/** Places in the file at which this write may be cut: where the simulator does, every page, and where the file really ends. */
function cutsOf(
  { change: { offset, bytes } }: PendingWrite,
  remnants: readonly Remnant[],
  sliceBytes: number,
  sizeSeen: number,
): readonly number[] {
  const end = offset + bytes.length;
  const cuts = new Set(remnants.map(({ at }) => offset + at));
  for (let cut = PAGE_BYTES; cut < end; cut += PAGE_BYTES) cuts.add(cut);
  if (sizeSeen % sliceBytes === 0) cuts.add(sizeSeen);
  return [...cuts].filter((cut) => cut > offset && cut < end);
}

function placed(
  content: PossibleContent,
  { change: { offset, bytes } }: PendingWrite,
  { size, fill, arrives }: Placing,
): PossibleContent {
  const { sliceBytes } = content;
  const grown = resized(content, Math.max(content.size, size));
  const end = Math.min(offset + bytes.length, grown.size);
  const unknownFrom = fill === 'garbage' || fill === 'stale' ? Math.max(content.size, offset) : Infinity;
  const slices = grown.slices.map((candidates, index) => {
    const start = index * sliceBytes;
    const stop = Math.min(start + sliceBytes, end);
    if (stop <= offset || start >= end) return candidates;
    return arrives(start, start + sliceBytes).flatMap((arrived) =>
      candidates.map((candidate) => {
        const changed = candidate.slice();
        if (arrived) {
          const from = Math.max(start, offset);
          changed.set(bytes.subarray(from - offset, stop - offset), from - start);
        } else if (unknownFrom < stop) changed.fill(ANY, Math.max(0, unknownFrom - start), stop - start);
        return changed;
      }),
    );
  });
  return { size: grown.size, slices, sliceBytes };
}

function cutPageZeroed(content: PossibleContent, length: number): PossibleContent {
  const { sliceBytes } = content;
  const end = Math.min(content.size, Math.ceil(length / PAGE_BYTES) * PAGE_BYTES);
  const slices = content.slices.map((candidates, index) => {
    const from = Math.max(0, length - index * sliceBytes);
    const to = Math.min(sliceBytes, end - index * sliceBytes);
    return from < to ? candidates.map((candidate) => candidate.slice().fill(0, from, to)) : candidates;
  });
  return { ...content, slices };
}

/** Grown with zeros, or cut. */
function resized(content: PossibleContent, size: number): PossibleContent {
  const { sliceBytes } = content;
  if (size === content.size) return content;
  const slices = content.slices.slice(0, Math.ceil(size / sliceBytes));
  const last = Math.floor(size / sliceBytes);
  const partial = slices[last];
  if (size < content.size && partial !== undefined) {
    slices[last] = partial.map((candidate) => candidate.slice().fill(0, size % sliceBytes));
  }
  while (slices.length * sliceBytes < size) slices.push([new Int16Array(sliceBytes)]);
  return { size, slices, sliceBytes };
}
