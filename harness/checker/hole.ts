/**
 * Hole: what a power loss left is no prefix of the write order that holds everything durable; something from the
 * middle is missing. Every write that shows in what was found stands before the cut, and so does whatever had taken
 * effect before that write was invoked; from there on it must have survived as if it had been synced. This is
 * repeated until nothing new follows. It is sound but looks at one key at a time; what only the exact search can
 * rule out is reported without such a pair.
 */
import { byteText } from '../workload/operation.js';
import { durableUntil } from './durable.js';
import type { KeyWrite } from './key-writes.js';
import type { OperationRecord } from './lives.js';
import { type Reading, readingOfFound } from './reading.js';
import { type Stretch, effectsOf } from './stretch.js';
import { survivingWrites } from './surviving.js';
import type { Violation } from './verdict.js';
import { readingText, recordText, valueText } from './wording.js';

/** One violation for each key that misses a write though a later one is there; none if no such pair is found. */
export function holes(stretch: Stretch): Violation[] {
  const reading = readingOfFound(stretch.found);
  if (reading === undefined || stretch.durable === undefined) return [];
  const { survivors, until } = survivorsOf(stretch, reading);
  const known = survivingWrites(stretch);
  return [...survivingWrites(stretch, until)].flatMap(([key, writes]): Violation[] => {
    const found = reading.values.get(key) ?? null;
    // What is illegal without looking at other keys has a name of its own.
    if (writes.isLegal(found, reading) || known.get(key)?.isLegal(found, reading) !== true) return [];
    const missing = writes.superseding(found, reading).at(-1);
    const later = survivors.find(({ invoke }) => missing !== undefined && invoke > missing.settled);
    if (missing === undefined || later === undefined) return [];
    const message = `${recordText(missing.by)} had taken effect before ${recordText(later.by)} was invoked; the later one survived the power loss but the earlier one did not: ${readingText(reading)} found ${valueText(found)} for ${byteText(key)}.`;
    const operations = [missing.by.name, later.by.name];
    return [
      { kind: 'hole', life: reading.life, message, key, legal: writes.legalFor(reading), found, operations },
    ];
  });
}

/** The violation of a stretch of which the exact search alone knows that no cut explains what was found. */
export function unnamedHole(stretch: Stretch): Violation {
  const last = [...(stretch.durable ?? [])].sort((left, right) => left.invoke - right.invoke).at(-1);
  const holding = last === undefined ? '' : ` that holds ${recordText(last)}`;
  const life = stretch.found?.life ?? stretch.life;
  const message = `What was observed at the start of life ${life} is the state after no prefix of any order of the writes of life ${stretch.life}${holding}.`;
  return { kind: 'hole', life, message, operations: latestWrites(stretch).map(({ name }) => name) };
}

/**
 * Writes of which an effect was found, by invocation, each the oldest that can have had it; and the place of the
 * last, before which everything that had taken effect must be there.
 */
function survivorsOf(
  stretch: Stretch,
  reading: Reading,
): { readonly survivors: readonly KeyWrite[]; readonly until: number } {
  let until = durableUntil(stretch.durable ?? new Set());
  for (;;) {
    const survivors = [...survivingWrites(stretch, until)]
      .flatMap(([key, writes]) => writes.oldestSource(reading.values.get(key) ?? null, reading) ?? [])
      .sort((left, right) => left.invoke - right.invoke);
    const last = survivors.at(-1)?.invoke ?? -1;
    if (last <= until) return { survivors, until };
    until = last;
  }
}

const NAMED_MAX = 16;

function latestWrites({ operations }: Stretch): readonly OperationRecord[] {
  return operations
    .filter((record) => record.outcome !== 'fail' && effectsOf(record).size > 0)
    .slice(-NAMED_MAX);
}
