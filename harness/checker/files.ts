/**
 * The directory holds what the engine believes it holds, after a recovery and again when all work is done, and no
 * file number is used twice. When all work is done nothing may be waiting to be written or deleted any more.
 * A number belongs to a group of files: a MANIFEST and the .tmp it is renamed from, or a table and its .bloom.
 * Only a .bloom may be made again, in a later life, because it can be rebuilt from its table. A number is free again
 * if a power loss left no file of its group: nobody can know then that it was used.
 */
import type { HistoryEvent } from '../history/event.js';
import { type FaultedLives, faultedLives } from './faulted-lives.js';
import type { Violation } from './verdict.js';

/** Orphans and missing files of each listing, then numbers that were used twice. */
export function files(history: readonly HistoryEvent[]): Violation[] {
  const faulted = faultedLives(history);
  return [
    ...history.flatMap((event, place) => observedFiles(event, place, faulted)),
    ...numberReuse(history),
  ];
}

const LOCK = 'LOCK';

function observedFiles(event: HistoryEvent, place: number, faulted: FaultedLives): Violation[] {
  if (event.kind !== 'observe' && event.kind !== 'settled') return [];
  const { life, files: observed } = event;
  const settled = event.kind === 'settled';
  // Work that failed leaves its files to the next recovery; the failure itself is another check's matter.
  if (settled && event.error !== undefined) return [];
  const when = settled ? `When all work of life ${life} was done` : `After the recovery of life ${life}`;
  const onDisk = new Set(observed.onDisk);
  const excused = settled ? [] : [...observed.pending, ...observed.obsolete];
  const named = new Set([LOCK, ...observed.live, ...excused]);
  // A file that could not be finished or deleted stays until the next recovery.
  const excusesOrphans = settled && faulted.struckBefore(life, place);
  const orphans = excusesOrphans ? [] : observed.onDisk.filter((path) => !named.has(path));
  const missing = observed.live.filter((path) => path !== LOCK && !onDisk.has(path));
  return [
    ...orphans.map((path): Violation => {
      const message = `${when}, ${path} was on disk, but nothing named it.`;
      return { kind: 'orphan', life, message, operations: [], files: [path] };
    }),
    ...missing.map((path): Violation => {
      const message = `${when}, the engine relied on ${path}, but it was not on disk.`;
      return { kind: 'missing-file', life, message, operations: [], files: [path] };
    }),
  ];
}

interface Creation {
  readonly path: string;
  readonly life: number;
  /** A power loss has left a file of its group: its number counts as used even after that is deleted. */
  readonly kept?: boolean;
}

function numberReuse(history: readonly HistoryEvent[]): Violation[] {
  const byNumber = new Map<number, Creation[]>();
  return history.flatMap((event): Violation[] => {
    if (event.kind === 'crash' && event.death.kind === 'power' && event.left !== undefined) {
      forgetErased(byNumber, new Set(event.left.map(groupOf)));
    }
    if (event.kind !== 'create') return [];
    const { life, path } = event;
    const number = numberOf(path);
    if (number === undefined) return [];
    const earlier = byNumber.get(number) ?? [];
    byNumber.set(number, [...earlier, { life, path }]);
    const other = earlier.find((creation) => clashes(creation, { life, path }));
    if (other === undefined) return [];
    const message = `File number ${number} was used twice: for ${other.path} in life ${other.life} and for ${path} in life ${life}.`;
    return [{ kind: 'number-reuse', life, message, operations: [], files: [other.path, path] }];
  });
}

/** Forgets the creations of which neither this power loss nor an earlier one has left a file. */
function forgetErased(byNumber: Map<number, Creation[]>, leftGroups: ReadonlySet<string>): void {
  for (const [number, creations] of byNumber) {
    const kept = creations.filter(
      (creation) => creation.kept === true || leftGroups.has(groupOf(creation.path)),
    );
    byNumber.set(
      number,
      kept.map((creation) => ({ ...creation, kept: true })),
    );
  }
}

function clashes(earlier: Creation, later: Creation): boolean {
  if (groupOf(earlier.path) !== groupOf(later.path)) return true;
  if (earlier.path !== later.path) return false;
  return !later.path.endsWith('.bloom') || earlier.life === later.life;
}

/** The path of the file that the number was drawn for. */
function groupOf(path: string): string {
  return path.replace(/\.tmp$/, '').replace(/\.bloom$/, '.sst');
}

/** The number in a name of the engine's; undefined for other names, LOCK among them. */
export function numberOf(path: string): number | undefined {
  const digits = /^(?:MANIFEST-(\d+)(?:\.tmp)?|(?:.*\/)?(\d+)\.[a-z]+)$/.exec(path);
  return digits === null ? undefined : Number(digits[1] ?? digits[2]);
}
