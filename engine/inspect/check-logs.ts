import type { Entry } from '../entry.js';
import { pathOf } from '../filenames.js';
import { WAL_HEADER_BYTES } from '../wal/record.js';
import { count } from './byte-text.js';
import { attempt, fault, type Finding, note } from './finding.js';
import { lastWithRecords, liveWals } from './standing.js';
import type { DatabaseView } from './view.js';
import { walkWal, type WalEnd } from './wal-walk.js';

/**
 * The WALs that recovery would replay: that those which the MANIFEST names are there and have a header, that all records
 * are valid up to a torn tail, and that sequence numbers go on without a gap from the newest flushed one. A torn tail is
 * what a crash may leave, and a note; a gap means that acknowledged writes are gone.
 *
 * `visit` is handed every write that is read, oldest first.
 */
export function* checkLogs(
  view: DatabaseView,
  visit: (entry: Entry) => void = () => undefined,
): Generator<Finding, readonly CheckedLog[]> {
  const { manifest, version } = view;
  const live = liveWals(view);
  const there = new Set(live);
  const named = new Set(version.walNumbers);
  for (const number of named) {
    if (there.has(number)) continue;
    yield fault(pathOf({ kind: 'wal', number }), 0, 'the MANIFEST names this WAL, but it is not there');
  }
  const last = lastWithRecords(view, live);
  const logs: CheckedLog[] = [];
  // Without a MANIFEST nobody knows where the sequence begins.
  let sequence = manifest.kind === 'bad' ? undefined : version.flushedSequence;
  for (const number of live) {
    const log = yield* checkLog(
      view,
      { number, newest: number >= last, named: named.has(number) },
      sequence,
      visit,
    );
    if (log === undefined) sequence = undefined;
    else {
      logs.push(log);
      sequence = log.end.kind === 'corrupt' ? undefined : (log.sequenceMax ?? sequence);
    }
  }
  return logs;
}

/** A WAL that recovery replays, as far as it can be read. */
export interface CheckedLog {
  readonly number: number;
  readonly path: string;
  readonly records: number;
  readonly writes: number;
  /** Of the writes; undefined if there is none. */
  readonly sequenceMin: number | undefined;
  readonly sequenceMax: number | undefined;
  readonly end: WalEnd;
}

interface LogPlace {
  readonly number: number;
  /** No newer WAL holds a record. */
  readonly newest: boolean;
  /** By the MANIFEST. */
  readonly named: boolean;
}

/** Undefined if the file cannot be read. `before` is the sequence number that the first write must follow, if it is known. */
function* checkLog(
  view: DatabaseView,
  { number, newest, named }: LogPlace,
  before: number | undefined,
  visit: (entry: Entry) => void,
): Generator<Finding, CheckedLog | undefined> {
  const path = pathOf({ kind: 'wal', number });
  const held = view.file({ kind: 'wal', number });
  if (held.kind === 'missing') return undefined;
  if (held.kind === 'unreadable') {
    yield fault(path, 0, held.problem);
    return undefined;
  }
  const walk = walkWal(held.file, number, newest, named);
  let [records, writes] = [0, 0];
  let sequenceMin: number | undefined;
  let sequence = before;
  for (;;) {
    const step = yield* attempt(path, 0, () => walk.next());
    if (step === undefined) return undefined;
    if (step.done === true) {
      yield* endFinding(path, step.value);
      return {
        number,
        path,
        records,
        writes,
        sequenceMin,
        sequenceMax: writes > 0 ? sequence : undefined,
        end: step.value,
      };
    }
    const { offset, sequence: first, writes: batch } = step.value;
    records++;
    if (batch.length === 0) continue;
    if (sequence !== undefined && first !== sequence + 1) {
      yield fault(
        path,
        offset,
        `expected a record with sequence ${sequence + 1}, got ${first}: writes are missing`,
      );
    }
    writes += batch.length;
    sequenceMin ??= first;
    for (const [index, write] of batch.entries()) {
      const value = write.kind === 'value' ? write.value : NO_VALUE;
      visit({ key: write.key, sequence: first + index, kind: write.kind, value });
    }
    sequence = first + batch.length - 1;
  }
}

const NO_VALUE = new Uint8Array(0);

function* endFinding(path: string, end: WalEnd): Generator<Finding> {
  switch (end.kind) {
    case 'clean':
      return;
    case 'corrupt':
      yield fault(path, end.offset, end.problem);
      return;
    case 'torn': {
      const what =
        end.offset < WAL_HEADER_BYTES ? 'no header yet' : `torn tail of ${count(end.bytes, 'byte')}`;
      yield note(path, `${what}, as a crash may leave it: ${end.problem}; recovery cuts it off`, end.offset);
    }
  }
}
