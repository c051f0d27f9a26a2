/**
 * What must be taken back before the process ends: mounts, loop devices, kernel settings. Each entry is taken back
 * once, by its owner or, in reverse order, by `all` when the process exits in whatever way but SIGKILL. Entries must be
 * synchronous, since nothing else runs at the exit of a process.
 */
export class Undo {
  readonly #entries = new Set<() => void>();

  constructor() {
    process.on('exit', this.#atExit);
  }

  /** Remembers how to take something back; the function that is answered does it. */
  add(entry: () => void): () => void {
    // A new function each time, so that equal entries are kept apart.
    const once = () => {
      if (this.#entries.delete(once)) entry();
    };
    this.#entries.add(once);
    return once;
  }

  /** Takes back all that is left, newest first, even if some of it fails; throws the first failure. */
  all(): void {
    process.off('exit', this.#atExit);
    const failures: unknown[] = [];
    for (const entry of [...this.#entries].reverse()) {
      try {
        entry();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  readonly #atExit = () => this.all();
}
