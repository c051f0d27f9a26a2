import { pathOf } from '../filenames.js';
import type { Hashes } from '../table/hashes.js';
import type { TableMeta } from '../table/meta.js';
import { WAL_HEADER_BYTES } from '../wal/record.js';
import { checkLogs, type CheckedLog } from './check-logs.js';
import { checkOrder, type SoundTable } from './check-order.js';
import { checkTable, type LoadedFilter } from './check-table.js';
import { checkVersion } from './check-version.js';
import { fault, type Finding, note, warning } from './finding.js';
import { isPlatformError } from './inspect-error.js';
import { DELETED, standings } from './standing.js';
import { readFilter } from './table-parts.js';
import type { DatabaseView } from './view.js';
import { isCorrupt, problemOf } from './whole-file.js';

/**
 * Everything about a database that can be verified without recovering it: the newest MANIFEST, each file that it names,
 * and the WALs that go on from there. It goes on after a fault. What recovery will delete is named and not read: a crash
 * may leave it in any state.
 *
 * No fault means that the database opens and that every read gives an answer which its checksums vouch for. What that
 * cannot show: a write that had been acknowledged and was lost behind a torn tail, and an old copy of a whole directory.
 */
export function* checkDatabase(view: DatabaseView, hashes: Hashes): Generator<Finding, CheckSummary> {
  yield* checkPlace(view);
  const { manifest, version } = view;
  if (manifest.kind === 'read') yield* checkVersion(manifest.path, manifest.number, version);
  const logs = yield* checkLogs(view);
  const sound = new Map<number, SoundTable>();
  const seen = new Set<TableMeta>();
  let [blocks, entries] = [0, 0];
  for (const meta of version.levels.flat()) {
    const path = pathOf({ kind: 'table', number: meta.number, level: meta.level });
    const held = view.file({ kind: 'table', number: meta.number, level: meta.level });
    if (held.kind !== 'open') {
      yield fault(
        path,
        0,
        held.kind === 'missing' ? 'the file of a published table is missing' : held.problem,
      );
      continue;
    }
    const filter = yield* loadFilter(view, meta, hashes);
    const checked = yield* checkTable(held.file, meta, filter);
    blocks += checked.blocks;
    entries += checked.entries;
    seen.add(meta);
    if (checked.sound !== undefined) sound.set(meta.number, { file: held.file, index: checked.sound.index });
  }
  yield* checkOrder(version, sound);
  return { tables: seen.size, blocks, entries, wals: logs.length, ...sumOf(logs) };
}

/** What was read. */
export interface CheckSummary {
  readonly tables: number;
  readonly blocks: number;
  readonly entries: number;
  readonly wals: number;
  readonly records: number;
  readonly writes: number;
}

/** The directory: a MANIFEST where there must be one, and what else lies there. */
export function* checkPlace(view: DatabaseView): Generator<Finding> {
  const { listing, lock, manifest } = view;
  for (const { path, problem } of listing.problems) yield fault(path, 0, problem);
  if (lock.kind === 'held') {
    yield note('LOCK', `process ${lock.processId} has the database open: what is found may be changing`);
  }
  if (manifest.kind === 'bad') yield fault(manifest.path, manifest.offset, manifest.problem);
  else if (manifest.kind === 'none') yield* checkUnpublished(view);
  for (const { path, standing, why } of standings(view)) {
    if (standing === 'live') continue;
    if (standing === 'unknown') yield note(path, `not checked: ${why}`);
    else yield note(path, `${standing}: ${why}${DELETED.includes(standing) ? '; recovery deletes it' : ''}`);
  }
}

/** Without a MANIFEST a directory is new, unless it holds data: then the MANIFEST is what was lost. */
function* checkUnpublished(view: DatabaseView): Generator<Finding> {
  let holdsData = false;
  for (const file of view.listing.ours) {
    if (file.kind === 'manifest-tmp') continue;
    const held = view.file(file);
    if (file.kind === 'wal' && held.kind === 'open' && held.file.size() <= WAL_HEADER_BYTES) continue;
    holdsData = true;
    yield fault(
      pathOf(file),
      0,
      'there is data but no MANIFEST: the MANIFEST is lost, restore it from a copy',
    );
  }
  if (!holdsData) yield note('.', 'there is no MANIFEST and no data: a first open did not come to its end');
}

/** The filter of a table; one that is missing or bad is made anew by recovery, so it is a warning. */
function* loadFilter(
  view: DatabaseView,
  { number, level }: TableMeta,
  hashes: Hashes,
): Generator<Finding, LoadedFilter | undefined> {
  const path = pathOf({ kind: 'bloom', number, level });
  const held = view.file({ kind: 'bloom', number, level });
  if (held.kind === 'missing') {
    yield warning(path, 0, 'the filter is missing; recovery makes it anew');
    return undefined;
  }
  if (held.kind === 'unreadable') {
    yield fault(path, 0, held.problem);
    return undefined;
  }
  try {
    return { path, filter: readFilter(held.file, number, hashes) };
  } catch (error) {
    if (isCorrupt(error)) {
      yield warning(path, error.offset ?? 0, `${problemOf(error)}; recovery makes the filter anew`);
    } else if (isPlatformError(error)) yield fault(path, 0, `cannot be read: ${error.message}`);
    else throw error;
    return undefined;
  }
}

function sumOf(logs: readonly CheckedLog[]): { readonly records: number; readonly writes: number } {
  return logs.reduce(
    (sum, { records, writes }) => ({ records: sum.records + records, writes: sum.writes + writes }),
    { records: 0, writes: 0 },
  );
}
