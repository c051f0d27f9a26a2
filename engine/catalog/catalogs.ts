import { type DatabaseFile, pathOf } from '../filenames.js';
import { type Catalog, filesLost } from './catalog.js';

/**
 * The current catalog and those that a reader still holds. A file is named by catalogs that follow each other, since
 * its number is never used again: from the first that did to the last. When it is no longer named by the current one it
 * waits until none of those is pinned, and is then handed to `onUnnamed`. That costs what has changed, however many tables
 * there are.
 *
 * `replace` is called only once the MANIFEST of the newer catalog is durable, so no file is deleted before that.
 */
export class Catalogs {
  private latest: Catalog;
  /** Catalogs are counted; the age of `latest`. */
  private age = 0;
  /** How often each catalog is pinned, by age. */
  private readonly pins = new Map<number, number>();
  /** The first catalog that names a file, by path; those that the very first one named are not here. */
  private readonly bornAt = new Map<string, number>();
  private unnamed: Unnamed[] = [];
  private readonly onUnnamed: (files: readonly DatabaseFile[]) => void;

  constructor(first: Catalog, onUnnamed: (files: readonly DatabaseFile[]) => void) {
    this.latest = first;
    this.onUnnamed = onUnnamed;
  }

  get current(): Catalog {
    return this.latest;
  }

  /** Holds the current catalog until the returned function is called (a second call does nothing). */
  pin(): { readonly catalog: Catalog; readonly release: () => void } {
    const age = this.age;
    this.pins.set(age, (this.pins.get(age) ?? 0) + 1);
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      this.unpin(age);
    };
    return { catalog: this.latest, release };
  }

  replace(next: Catalog): void {
    for (const file of filesLost(this.latest, next)) this.unnamed.push(this.lose(file));
    this.age++;
    for (const file of filesLost(next, this.latest)) this.bornAt.set(pathOf(file), this.age);
    this.latest = next;
    this.handOver();
  }

  /** Paths named by a living catalog but not by the current one, sorted. */
  heldByReaders(): readonly string[] {
    return this.unnamed.map(({ file }) => pathOf(file)).sort();
  }

  private lose(file: DatabaseFile): Unnamed {
    const path = pathOf(file);
    const firstAge = this.bornAt.get(path) ?? 0;
    this.bornAt.delete(path);
    return { file, firstAge, lastAge: this.age };
  }

  private unpin(age: number): void {
    const left = (this.pins.get(age) ?? 0) - 1;
    if (left > 0) {
      this.pins.set(age, left);
      return;
    }
    this.pins.delete(age);
    if (this.unnamed.length > 0) this.handOver();
  }

  private handOver(): void {
    const isHeld = ({ firstAge, lastAge }: Unnamed): boolean => {
      for (const age of this.pins.keys()) if (firstAge <= age && age <= lastAge) return true;
      return false;
    };
    const free = this.unnamed.filter((unnamed) => !isHeld(unnamed));
    if (free.length === 0) return;
    this.unnamed = this.unnamed.filter(isHeld);
    this.onUnnamed(free.map(({ file }) => file));
  }
}

/** A file that the current catalog does not name, and the catalogs that did. */
interface Unnamed {
  readonly file: DatabaseFile;
  readonly firstAge: number;
  readonly lastAge: number;
}
