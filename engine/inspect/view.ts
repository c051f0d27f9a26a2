import { filesOfTable } from '../catalog/catalog.js';
import { EngineError } from '../errors.js';
import { type DatabaseFile, pathOf } from '../filenames.js';
import { EMPTY_VERSION, type Version } from '../manifest/version.js';
import { refuseForeignDirectory } from '../recovery/directory.js';
import type { ReadLabel } from '../vfs/step.js';
import type { Vfs, VfsFile } from '../vfs/vfs.js';
import { InspectError, isPlatformError } from './inspect-error.js';
import { type Listing, listAll, newestManifestIn, walNumbersIn } from './listing.js';
import { type LockState, readLock } from './lock-state.js';
import { readManifest } from './manifest-file.js';
import { isCorrupt, problemOf } from './whole-file.js';

/**
 * A database as it is at one moment, held open for reading. Nothing is recovered, locked or written.
 *
 * The database may be alive. So every file that the newest MANIFEST needs is opened at once, and what is deleted later
 * can still be read. If one is missing and a newer MANIFEST has come meanwhile, all of it begins again. The WALs are
 * opened from the newest to the oldest and keep the size that they had then: what the newer one shows was written after
 * all of the older one, so together they are a prefix of what was written.
 */
export interface DatabaseView {
  readonly vfs: Vfs;
  readonly lock: LockState;
  readonly listing: Listing;
  readonly manifest: ManifestState;
  /** What the MANIFEST says; of a database without one, or with a bad one, an empty version. */
  readonly version: Version;
  /** The file, held open until `close`. */
  file(file: DatabaseFile): HeldFile;
  close(): void;
}

export type HeldFile =
  | { readonly kind: 'open'; readonly file: VfsFile }
  | { readonly kind: 'missing' }
  /** It is there and the platform does not let us open it. */
  | { readonly kind: 'unreadable'; readonly problem: string };

export type ManifestState =
  /** Nothing was ever published here. */
  | { readonly kind: 'none' }
  | { readonly kind: 'read'; readonly number: number; readonly path: string }
  | {
      readonly kind: 'bad';
      readonly number: number;
      readonly path: string;
      readonly offset: number;
      readonly problem: string;
    };

/**
 * `vfs` should be a `ReadOnlyVfs`; nothing else than `open` and `list` is called. Throws 'not-a-database', 'unreadable'
 * if the directory itself cannot be listed, and 'changing' if a living database publishes faster than it can be opened.
 */
export function openView(vfs: Vfs): DatabaseView {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const listing = listDatabaseOf(vfs);
    const view = new OpenView(vfs, listing);
    if (view.isComplete || newestManifestIn(listAll(vfs)) === newestManifestIn(listing)) return view;
    view.close();
  }
  throw new InspectError(
    'changing',
    `Expected the files of one MANIFEST, got a newer one ${ATTEMPTS_MAX} times in a row: the database is being written to; try again, or close it there first.`,
  );
}

const ATTEMPTS_MAX = 20;

class OpenView implements DatabaseView {
  readonly vfs: Vfs;
  readonly lock: LockState;
  readonly listing: Listing;
  readonly manifest: ManifestState;
  readonly version: Version;
  readonly #held = new Map<string, HeldFile>();

  constructor(vfs: Vfs, listing: Listing) {
    this.vfs = vfs;
    this.listing = listing;
    this.lock = readLock(vfs);
    const { manifest, version } = this.#readManifest();
    this.manifest = manifest;
    this.version = version;
    for (const number of walNumbersIn(listing).toReversed()) this.file({ kind: 'wal', number });
    for (const file of version.levels.flat().flatMap(filesOfTable)) this.file(file);
  }

  /** Whether all that the MANIFEST needs is there. */
  get isComplete(): boolean {
    const named = this.version.walNumbers.map((number): DatabaseFile => ({ kind: 'wal', number }));
    const tables = this.version.levels
      .flat()
      .map(({ number, level }) => ({ kind: 'table', number, level }) as const);
    if ([...named, ...tables].some((file) => this.file(file).kind === 'missing')) return false;
    // One that was listed and is gone was deleted meanwhile, by the next MANIFEST's owner.
    return (
      this.manifest.kind !== 'bad' &&
      this.listing.ours.every((file) => this.#held.get(pathOf(file))?.kind !== 'missing')
    );
  }

  file(file: DatabaseFile): HeldFile {
    const path = pathOf(file);
    const known = this.#held.get(path);
    if (known !== undefined) return known;
    const held = open(this.vfs, path);
    this.#held.set(path, held);
    return held;
  }

  close(): void {
    for (const held of this.#held.values()) if (held.kind === 'open') held.file.close();
    this.#held.clear();
  }

  #readManifest(): { readonly manifest: ManifestState; readonly version: Version } {
    const number = newestManifestIn(this.listing);
    if (number === undefined) return { manifest: { kind: 'none' }, version: EMPTY_VERSION };
    const path = pathOf({ kind: 'manifest', number });
    const bad = (offset: number, problem: string) =>
      ({ manifest: { kind: 'bad', number, path, offset, problem }, version: EMPTY_VERSION }) as const;
    const held = this.file({ kind: 'manifest', number });
    if (held.kind === 'missing') return bad(0, 'it was deleted while it was to be read');
    if (held.kind === 'unreadable') return bad(0, held.problem);
    try {
      const { version } = readManifest(held.file, number);
      return { manifest: { kind: 'read', number, path }, version };
    } catch (error) {
      if (isCorrupt(error)) return bad(error.offset ?? 0, problemOf(error));
      if (isPlatformError(error)) return bad(0, `cannot be read: ${error.message}`);
      throw error;
    }
  }
}

/** Throws 'not-a-database' or 'unreadable'. */
function listDatabaseOf(vfs: Vfs): Listing {
  try {
    refuseForeignDirectory(vfs);
    const listing = listAll(vfs);
    if (listing.ours.length > 0 || vfs.list('', 'open/list').includes('wal')) return listing;
    throw new InspectError('not-a-database', 'Expected a database, got a directory without any file of one.');
  } catch (error) {
    if (error instanceof EngineError)
      throw new InspectError('not-a-database', error.message, { cause: error });
    if (!isPlatformError(error)) throw error;
    throw new InspectError('unreadable', `Expected a directory that can be read, got: ${error.message}.`, {
      cause: error,
    });
  }
}

function open(vfs: Vfs, path: string): HeldFile {
  const label: ReadLabel = 'recovery/sst.read';
  try {
    return { kind: 'open', file: vfs.open(path, label) };
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    if (error.code === 'EMFILE' || error.code === 'ENFILE') throw tooManyFiles(error);
    return error.code === 'ENOENT'
      ? { kind: 'missing' }
      : { kind: 'unreadable', problem: `cannot be opened: ${error.message}` };
  }
}

function tooManyFiles(cause: NodeJS.ErrnoException): InspectError {
  const text = `Expected to have all files of the database open at once, got: ${cause.message}; raise the limit (ulimit -n).`;
  return new InspectError('unreadable', text, { cause });
}
