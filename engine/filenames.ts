/**
 * The names of the database's files, and the only place that builds or parses them. All numbers come from one
 * counter and are never reused. A name that does not parse is not ours: recovery leaves it alone.
 */
export type DatabaseFile =
  | { readonly kind: 'manifest'; readonly number: number }
  | { readonly kind: 'manifest-tmp'; readonly number: number }
  | { readonly kind: 'wal'; readonly number: number }
  | { readonly kind: 'table'; readonly number: number; readonly level: number }
  | { readonly kind: 'bloom'; readonly number: number; readonly level: number };

export const LOCK_PATH = 'LOCK';
export const WAL_DIRECTORY = 'wal';

export function levelDirectory(level: number): string {
  return `l${level}`;
}

export function pathOf(file: DatabaseFile): string {
  const number = String(file.number).padStart(6, '0');
  switch (file.kind) {
    case 'manifest':
      return `MANIFEST-${number}`;
    case 'manifest-tmp':
      return `MANIFEST-${number}.tmp`;
    case 'wal':
      return `${WAL_DIRECTORY}/${number}.wal`;
    case 'table':
      return `${levelDirectory(file.level)}/${number}.sst`;
    case 'bloom':
      return `${levelDirectory(file.level)}/${number}.bloom`;
  }
}

const PATTERN =
  /^(?:MANIFEST-(?<manifest>\d{6,15})(?<tmp>\.tmp)?|wal\/(?<wal>\d{6,15})\.wal|l(?<level>\d{1,2})\/(?<number>\d{6,15})\.(?<extension>sst|bloom))$/;

/** The file that a path names, or undefined if the engine never gives a file that name. */
export function parsePath(path: string): DatabaseFile | undefined {
  const groups = PATTERN.exec(path)?.groups;
  if (groups === undefined) return undefined;
  const file = classify(groups);
  return pathOf(file) === path ? file : undefined;
}

function classify(groups: Record<string, string | undefined>): DatabaseFile {
  if (groups['manifest'] !== undefined) {
    return {
      kind: groups['tmp'] === undefined ? 'manifest' : 'manifest-tmp',
      number: Number(groups['manifest']),
    };
  }
  if (groups['wal'] !== undefined) return { kind: 'wal', number: Number(groups['wal']) };
  return {
    kind: groups['extension'] === 'sst' ? 'table' : 'bloom',
    number: Number(groups['number']),
    level: Number(groups['level']),
  };
}
