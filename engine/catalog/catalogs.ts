import type { DatabaseFile } from '../filenames.js';
import { pathOf } from '../filenames.js';
import { type Catalog, filesOf } from './catalog.js';

/**
 * The current catalog and those that a reader still holds. Every file is counted once for each living catalog that
 * names it; when the last of them goes, the file is handed to `onUnnamed`. A catalog dies when it is no longer
 * current and nobody pins it, so a file can be deleted only after a newer catalog took over, and `replace` is
 * called only once the MANIFEST of that newer catalog is durable.
 */
export class Catalogs {
  private latest: Catalog;
  private readonly pins = new Map<Catalog, number>();
  private readonly named = new Map<string, { readonly file: DatabaseFile; count: number }>();
  private readonly onUnnamed: (files: readonly DatabaseFile[]) => void;

  constructor(first: Catalog, onUnnamed: (files: readonly DatabaseFile[]) => void) {
    this.latest = first;
    this.onUnnamed = onUnnamed;
    this.retain(first);
  }

  get current(): Catalog {
    return this.latest;
  }

  /** Holds the current catalog until the returned function is called (a second call does nothing). */
  pin(): { readonly catalog: Catalog; readonly release: () => void } {
    const catalog = this.latest;
    this.pins.set(catalog, (this.pins.get(catalog) ?? 0) + 1);
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      this.unpin(catalog);
    };
    return { catalog, release };
  }

  replace(next: Catalog): void {
    const previous = this.latest;
    this.retain(next);
    this.latest = next;
    if (!this.pins.has(previous)) this.drop(previous);
  }

  private unpin(catalog: Catalog): void {
    const left = (this.pins.get(catalog) ?? 0) - 1;
    if (left > 0) {
      this.pins.set(catalog, left);
      return;
    }
    this.pins.delete(catalog);
    if (catalog !== this.latest) this.drop(catalog);
  }

  private retain(catalog: Catalog): void {
    for (const file of filesOf(catalog)) {
      const path = pathOf(file);
      const entry = this.named.get(path);
      if (entry === undefined) this.named.set(path, { file, count: 1 });
      else entry.count++;
    }
  }

  private drop(catalog: Catalog): void {
    const unnamed: DatabaseFile[] = [];
    for (const file of filesOf(catalog)) {
      const path = pathOf(file);
      const entry = this.named.get(path);
      if (entry === undefined || --entry.count > 0) continue;
      this.named.delete(path);
      unnamed.push(file);
    }
    if (unnamed.length > 0) this.onUnnamed(unnamed);
  }

  /** Paths named by a living catalog but not by the current one, sorted. */
  heldByReaders(): readonly string[] {
    const current = new Set(filesOf(this.latest).map(pathOf));
    return [...this.named.keys()].filter((path) => !current.has(path)).sort();
  }
}
