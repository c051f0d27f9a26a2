/**
 * The directory after a recovery holds what the engine believes it holds, and no file number is used twice.
 * A number belongs to a group of files: a MANIFEST and the .tmp it is renamed from, or a table and its .bloom.
 * Only a .bloom may be made again, in a later life, because it can be rebuilt from its table.
 */
import type { HistoryEvent } from '../history/event.js';
import type { Violation } from './verdict.js';

/** Orphans and missing files of each observation, then numbers that were used twice. */
export function files(history: readonly HistoryEvent[]): Violation[] {
  return [...history.flatMap(observedFiles), ...numberReuse(history)];
}

const LOCK = 'LOCK';

function observedFiles(event: HistoryEvent): Violation[] {
  if (event.kind !== 'observe') return [];
  const { life, files: observed } = event;
  const onDisk = new Set(observed.onDisk);
  const named = new Set([LOCK, ...observed.live, ...observed.pending, ...observed.obsolete]);
  const orphans = observed.onDisk.filter((path) => !named.has(path));
  const missing = observed.live.filter((path) => path !== LOCK && !onDisk.has(path));
  return [
    ...orphans.map((path): Violation => {
      const message = `After the recovery of life ${life} ${path} is on disk, but the engine does not know it.`;
      return { kind: 'orphan', life, message, operations: [], files: [path] };
    }),
    ...missing.map((path): Violation => {
      const message = `After the recovery of life ${life} the engine relies on ${path}, but it is not on disk.`;
      return { kind: 'missing-file', life, message, operations: [], files: [path] };
    }),
  ];
}

interface Creation {
  readonly path: string;
  readonly life: number;
}

function numberReuse(history: readonly HistoryEvent[]): Violation[] {
  const byNumber = new Map<number, Creation[]>();
  return history.flatMap((event): Violation[] => {
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
function numberOf(path: string): number | undefined {
  const digits = /^(?:MANIFEST-(\d+)(?:\.tmp)?|(?:.*\/)?(\d+)\.[a-z]+)$/.exec(path);
  return digits === null ? undefined : Number(digits[1] ?? digits[2]);
}
