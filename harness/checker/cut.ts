/**
 * The cut of a power loss as one more operation of the search: a scan of everything that reads the state that was
 * found. It may come anywhere after all durable operations, and what follows it is lost. So the search for a legal
 * order and a cut of it is the plain search for a legal order, with one rule more, and all that the search knows
 * about readers (narrow.ts, foresight.ts) holds for the cut too: it can be made as soon as the state is right, and
 * no write may replace for good what it has yet to read.
 *
 * Durable operations without effects (syncs, flushes, compactions) only say where the cut cannot be: before what
 * was answered when they were invoked. They need not be searched: a place for them can always be found.
 */
import { durableUntil } from './durable.js';
import type { OperationRecord } from './lives.js';
import { readingOf } from './reading.js';
import type { SearchOperation } from './search-operations.js';
import type { KeyValues } from './stretch.js';

/** The operations and the cut, by invocation; each says whether it must be before the cut. */
export function withCut(
  operations: readonly SearchOperation[],
  durable: ReadonlySet<OperationRecord>,
  found: KeyValues,
): readonly SearchOperation[] {
  const cut = cutOperation(durableUntil(durable), found);
  const placed = operations.map((operation): SearchOperation => {
    const { record, effects } = operation;
    // Values are unique, so a write whose value was found had taken effect.
    const before =
      durable.has(record) || [...effects].some(([key, value]) => value !== null && found.get(key) === value);
    return before && effects.size > 0 ? { ...operation, cut: 'before' } : operation;
  });
  const at = placed.findIndex(({ invoke }) => invoke > cut.invoke);
  return at < 0 ? [...placed, cut] : placed.toSpliced(at, 0, cut);
}

function cutOperation(invoke: number, found: KeyValues): SearchOperation {
  const record: OperationRecord = {
    name: { life: -1, index: -1 },
    operation: { kind: 'scan' },
    invoke,
    end: Infinity,
    outcome: 'ok',
    result: { pairs: [...found].sort(([left], [right]) => (left < right ? -1 : 1)) },
  };
  return {
    record,
    invoke,
    end: Infinity,
    required: true,
    effects: new Map(),
    reading: readingOf(record),
    cut: 'at',
  };
}
