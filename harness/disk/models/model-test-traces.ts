import fc from 'fast-check';
import type { Disk } from '../disk.js';
import type { TraceStep } from '../trace.js';
import { diskOf, steps } from './model-test-states.js';

/**
 * For tests: small random traces that a real process could have made: three names in two directories, at most five
 * changes of which one is longer than a page, syncs in between. So few that all outcomes can be walked.
 */
export const anyTrace: fc.Arbitrary<{ readonly disk: Disk; readonly steps: readonly TraceStep[] }> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(
        ...(['create', 'append', 'append', 'long', 'overwrite', 'truncate', 'rename', 'unlink'] as const),
        ...(['mkdir', 'fsync', 'fdatasync', 'sync-directory'] as const),
      ),
      which: fc.nat({ max: 5 }),
      to: fc.nat({ max: 2 }),
      back: fc.nat({ max: 2 }),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map(traceOf);

interface Action {
  readonly kind: string;
  /** Which of the files that are there, or of the names. */
  readonly which: number;
  readonly to: number;
  /** How many steps before a sync it does not cover. */
  readonly back: number;
}

const NAMES = ['a', 'b', 'd/c'];
const CHANGES_MAX = 5;

function traceOf(actions: readonly Action[]): { disk: Disk; steps: readonly TraceStep[] } {
  const disk = diskOf({ a: 'old', b: 'x'.repeat(4100) });
  const play = new Play();
  for (const action of actions) play.add(action);
  return { disk, steps: play.trace };
}

/** Keeps what the process sees, so that every step is possible. */
class Play {
  readonly trace: TraceStep[] = [];
  readonly #names = new Map([
    ['a', 1],
    ['b', 2],
  ]);
  readonly #sizes = new Map([
    [1, 3],
    [2, 4100],
  ]);
  #directory = false;
  #long = false;
  #changes = 0;

  add({ kind, which, to, back }: Action): void {
    const since = Math.max(0, this.trace.length - back);
    if (kind === 'sync-directory') {
      this.trace.push({ ...steps.syncDirectory(which % 2 === 0 || !this.#directory ? '' : 'd'), since });
      return;
    }
    if (!kind.includes('sync') && this.#changes === CHANGES_MAX) return;
    const target = NAMES[to] ?? 'a';
    const possible = this.#directory || target !== 'd/c';
    if (kind === 'mkdir') {
      if (!this.#directory) this.#push(steps.makeDirectory('d'));
      this.#directory = true;
      return;
    }
    if (kind === 'create') {
      if (this.#names.has(target) || !possible) return;
      const inode = this.#sizes.size + 1;
      this.#names.set(target, inode);
      this.#sizes.set(inode, 0);
      this.#push(steps.create(inode, target));
      return;
    }
    const [path, inode] = [...this.#names][which % Math.max(1, this.#names.size)] ?? [];
    if (path === undefined || inode === undefined) return;
    const size = this.#sizes.get(inode) ?? 0;
    switch (kind) {
      case 'append':
        return this.#write(inode, size, 3);
      case 'long':
        if (!this.#long) this.#write(inode, size, 4500);
        this.#long = true;
        return;
      case 'overwrite':
        return this.#write(inode, to % (size + 1), 2);
      case 'truncate':
        this.#sizes.set(inode, to * 2);
        return this.#push(steps.truncate(inode, to * 2));
      case 'rename':
        if (path === target || !possible) return;
        this.#push(steps.rename(inode, path, target, this.#names.get(target) ?? null));
        this.#names.delete(path);
        this.#names.set(target, inode);
        return;
      case 'unlink':
        this.#names.delete(path);
        return this.#push(steps.unlink(inode, path));
      default:
        this.trace.push({ ...steps.fdatasync(inode, since), whole: kind === 'fsync' } as TraceStep);
    }
  }

  #write(inode: number, offset: number, length: number): void {
    this.#sizes.set(inode, Math.max(this.#sizes.get(inode) ?? 0, offset + length));
    this.#push(steps.write(inode, offset, String.fromCharCode(98 + this.trace.length).repeat(length)));
  }

  #push(step: TraceStep): void {
    this.#changes++;
    this.trace.push(step);
  }
}
