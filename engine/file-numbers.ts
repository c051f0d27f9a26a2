import { type DatabaseFile, pathOf } from './filenames.js';

/**
 * The one counter that file numbers come from, and the files that were begun and are not published yet. A number
 * that was handed out is never handed out again: the MANIFEST stores the counter, and recovery starts above every
 * number that it sees on disk, orphans included.
 */
export class FileNumbers {
  private next: number;
  private readonly begun = new Set<string>();

  constructor(next: number) {
    this.next = next;
  }

  /** The first number that was not handed out. */
  get nextNumber(): number {
    return this.next;
  }

  take(): number {
    return this.next++;
  }

  /** Marks files as being written; they are neither live nor orphans until `settle`. */
  begin(...files: readonly DatabaseFile[]): void {
    for (const file of files) this.begun.add(pathOf(file));
  }

  settle(...files: readonly DatabaseFile[]): void {
    for (const file of files) this.begun.delete(pathOf(file));
  }

  /** Paths of the files being written, sorted. */
  pending(): readonly string[] {
    return [...this.begun].sort();
  }
}
