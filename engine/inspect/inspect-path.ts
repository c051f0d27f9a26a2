import { type DatabaseFile, pathOf } from '../filenames.js';
import type { Hashes } from '../table/hashes.js';
import type { VfsFile } from '../vfs/vfs.js';
import { InspectError, isPlatformError } from './inspect-error.js';
import { walNumbersIn } from './listing.js';
import type { Located } from './locate.js';
import { showFilter } from './show-filter.js';
import { showManifest } from './show-manifest.js';
import { showTable, type ShowTableOptions } from './show-table.js';
import { showWal } from './show-wal.js';
import { type Shown } from './shown.js';
import { DELETED, lastWithRecords, liveWals, type StandingFile, standings } from './standing.js';
import { numberOfTable } from './table-parts.js';
import { type DatabaseView, openView } from './view.js';

/**
 * The files of one kind at a path that somebody has given: a directory means all of them in it, with what each is there
 * for; a file means that one. The results say whether none is damaged. Throws what `openView` does, and 'unreadable' for
 * a file that cannot be opened.
 */
export function* inspectWal(located: Located, values: boolean): Generator<Shown, boolean> {
  if (located.kind === 'file') {
    const number = located.file?.kind === 'wal' ? located.file.number : undefined;
    const newest = number === undefined || !hasNewerRecord(located, number);
    return yield* withFile(located, (file) =>
      showWal(file, { number, newest, named: false, values, standing: undefined }),
    );
  }
  return yield* withView(located, function* (view) {
    const last = lastWithRecords(view, liveWals(view));
    const names = new Set(view.version.walNumbers);
    return yield* eachFile(view, 'wal', (file, { number }, standing) =>
      showWal(file, { number, newest: number >= last, named: names.has(number), values, standing }),
    );
  });
}

/** All tables with their filters, orphans included, or the one given. */
export function* inspectTable(
  located: Located,
  hashes: Hashes,
  options: Omit<ShowTableOptions, 'standing'>,
): Generator<Shown, boolean> {
  if (located.kind === 'file') {
    return yield* withFile(located, function* (file) {
      const sound = yield* showTable(file, { ...options, standing: undefined });
      const number = located.file?.kind === 'table' ? located.file.number : numberOfTable(file);
      if (number !== undefined) yield* filterBeside(located, number, hashes);
      return sound;
    });
  }
  return yield* withView(located, (view) =>
    eachFile(view, 'table', function* (file, { number, level }, standing) {
      const sound = yield* showTable(file, { ...options, standing });
      const held = view.file({ kind: 'bloom', number, level });
      const path = pathOf({ kind: 'bloom', number, level });
      yield* showFilter(path, held.kind === 'open' ? held.file : undefined, number, hashes);
      return sound;
    }),
  );
}

/** The newest MANIFEST, or the one given. */
export function* inspectManifest(located: Located): Generator<Shown, boolean> {
  if (located.kind === 'file') {
    const number = located.file?.kind === 'manifest' ? located.file.number : undefined;
    return yield* withFile(located, (file) => showManifest(file, number));
  }
  return yield* withView(located, function* (view) {
    const { manifest } = view;
    if (manifest.kind === 'none') {
      throw new InspectError('not-a-database', 'Expected a database with a MANIFEST, found none.');
    }
    const held = view.file({ kind: 'manifest', number: manifest.number });
    if (held.kind !== 'open') throw cannotOpen(manifest.path, held.kind);
    return yield* showManifest(held.file, manifest.number);
  });
}

type Show = Generator<Shown, boolean>;

function* withView({ vfs }: Located, show: (view: DatabaseView) => Show): Show {
  const view = openView(vfs);
  try {
    return yield* show(view);
  } finally {
    view.close();
  }
}

function* withFile({ vfs, path }: Located & { kind: 'file' }, show: (file: VfsFile) => Show): Show {
  const file = open(vfs, path);
  try {
    return yield* show(file);
  } finally {
    file.close();
  }
}

function open(vfs: Located['vfs'], path: string): VfsFile {
  try {
    return vfs.open(path, 'recovery/sst.read');
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    throw cannotOpen(path, error.message, error);
  }
}

function cannotOpen(path: string, why: string, cause?: unknown): InspectError {
  return new InspectError('unreadable', `Expected to read ${path}, got: ${why}.`, { cause });
}

/**
 * Shows every file of a kind in a directory; true if all that matter are sound. One that recovery would delete does not:
 * it may have been cut off while it was written.
 */
function* eachFile<Kind extends 'wal' | 'table'>(
  view: DatabaseView,
  kind: Kind,
  show: (file: VfsFile, named: DatabaseFile & { readonly kind: Kind }, standing: string) => Show,
): Show {
  const byPath = new Map(standings(view).map((found) => [found.path, found]));
  let sound = true;
  for (const named of view.listing.ours) {
    if (named.kind !== kind) continue;
    const held = view.file(named);
    const path = pathOf(named);
    // Deleted by a living database since it was listed.
    if (held.kind === 'missing') continue;
    if (held.kind === 'unreadable') throw cannotOpen(path, held.problem);
    const file = named as DatabaseFile & { readonly kind: Kind };
    const found = byPath.get(path);
    const isSound = yield* show(held.file, file, found === undefined ? '' : standingText(found));
    if (!isSound && !(found !== undefined && DELETED.includes(found.standing))) sound = false;
  }
  return sound;
}

function standingText({ standing, why }: StandingFile): string {
  return `${standing}, ${why}`;
}

/** Whether a WAL beside this one is newer and holds a record. */
function hasNewerRecord({ vfs }: Located, number: number): boolean {
  try {
    const view = openView(vfs);
    try {
      return lastWithRecords(view, walNumbersIn(view.listing)) > number;
    } finally {
      view.close();
    }
  } catch (error) {
    // It does not lie in a database that can be looked at.
    if (error instanceof InspectError) return false;
    throw error;
  }
}

/** The filter of a table that is looked at by itself: the file beside it with the same name. */
function* filterBeside(
  { vfs, path }: Located & { kind: 'file' },
  number: number,
  hashes: Hashes,
): Generator<Shown> {
  const beside = path.replace(/(\.sst)?$/, '.bloom');
  let file: VfsFile | undefined;
  try {
    file = vfs.open(beside, 'recovery/bloom.read');
  } catch (error) {
    if (!isPlatformError(error)) throw error;
  }
  try {
    yield* showFilter(beside, file, number, hashes);
  } finally {
    file?.close();
  }
}
