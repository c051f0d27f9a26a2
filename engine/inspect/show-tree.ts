import { pathOf, parsePath } from '../filenames.js';
import { count, nameText } from './byte-text.js';
import { checkPlace } from './check.js';
import { checkLogs, type CheckedLog } from './check-logs.js';
import { type Finding, findingText } from './finding.js';
import { levelLines, levelsJson } from './show-levels.js';
import { endText } from './show-wal.js';
import type { Shown } from './shown.js';
import { DELETED, standings, type StandingFile } from './standing.js';
import type { DatabaseView } from './view.js';

/**
 * A database's directory as recovery would see it: who has it open, which MANIFEST recovery takes, which WALs it replays,
 * what it deletes and what would stop it; the levels; and every file with its standing. One piece, and as a result
 * whether nothing stops recovery as far as that can be said without reading the tables, which a check does.
 */
export function* showTree(view: DatabaseView): Generator<Shown, boolean> {
  const tree = describe(view);
  yield {
    text: () =>
      [...headLines(view), ...recoveryLines(tree), ...levelLines(view.version), ...fileLines(tree)].join(
        '\n',
      ),
    json: () => ({
      kind: 'tree',
      lock: view.lock,
      manifest: manifestJson(view),
      recovery: { ...tree, files: undefined },
      levels: levelsJson(view.version),
      files: tree.files,
    }),
  };
  return tree.stops === undefined;
}

interface Tree {
  /** The first fault that recovery would refuse. */
  readonly stops: Finding | undefined;
  readonly replays: readonly CheckedLog[];
  /** Paths, byte text. */
  readonly deletes: readonly string[];
  /** These follow when what the WALs hold lies in tables that a new MANIFEST names. */
  readonly deletesAfterwards: readonly string[];
  readonly files: readonly TreeFile[];
}

interface TreeFile extends StandingFile {
  /** Undefined for foreign names, which are not opened, and for what cannot be opened. */
  readonly bytes: number | undefined;
}

function describe(view: DatabaseView): Tree {
  const faults: Finding[] = [];
  const noteFault = (finding: Finding): void => void (finding.kind === 'fault' && faults.push(finding));
  for (const finding of checkPlace(view)) noteFault(finding);
  for (const finding of tableFaults(view)) noteFault(finding);
  const walk = checkLogs(view);
  let step = walk.next();
  for (; step.done !== true; step = walk.next()) noteFault(step.value);
  const files = standings(view).map((file) => ({ ...file, bytes: sizeOf(view, file.path) }));
  const live = files.filter(({ path, standing }) => standing === 'live' && /^(MANIFEST|wal)/.test(path));
  return {
    stops: faults[0],
    replays: step.value,
    deletes: files.filter(({ standing }) => DELETED.includes(standing)).map(({ path }) => path),
    deletesAfterwards: live.map(({ path }) => path),
    files,
  };
}

function* tableFaults(view: DatabaseView): Generator<Finding> {
  for (const { number, level, bytes } of view.version.levels.flat()) {
    const file = pathOf({ kind: 'table', number, level });
    const held = view.file({ kind: 'table', number, level });
    if (held.kind === 'missing')
      yield { kind: 'fault', file, offset: 0, what: 'the file of a published table is missing' };
    else if (held.kind === 'unreadable') yield { kind: 'fault', file, offset: 0, what: held.problem };
    else if (held.file.size() !== bytes) {
      const size = held.file.size();
      yield {
        kind: 'fault',
        file,
        offset: Math.min(size, bytes),
        what: `expected ${bytes} bytes, found ${size}`,
      };
    }
  }
}

function sizeOf(view: DatabaseView, path: string): number | undefined {
  const file = parsePath(path);
  if (file === undefined) return undefined;
  const held = view.file(file);
  return held.kind === 'open' ? held.file.size() : undefined;
}

function headLines({ lock, manifest, version }: DatabaseView): readonly string[] {
  const { nextNumber, flushedSequence } = version;
  const lines = {
    free: 'nobody has it open',
    left: 'the process that had it open is dead',
    held: `process ${lock.kind === 'held' ? lock.processId : ''} has it open: what is shown may be changing`,
  };
  const numbers = `next number ${nextNumber}, flushed sequence ${flushedSequence}`;
  return [
    lines[lock.kind],
    manifest.kind === 'read' ? `${manifest.path}: ${numbers}` : 'no MANIFEST can be read',
  ];
}

function recoveryLines({ stops, replays, deletes, deletesAfterwards }: Tree): readonly string[] {
  if (stops !== undefined) return [`recovery stops with ${findingText(stops).replace(/ +/, ' ')}`];
  return [
    'recovery',
    ...replays.map(({ path, records, writes, end }) => {
      return `  replays ${path}: ${count(records, 'record')}, ${count(writes, 'write')}; ${endText(end)}`;
    }),
    ...deletes.map((path) => `  deletes ${nameText(path)}`),
    ...deletesAfterwards.map((path) => `  deletes ${path} when a new MANIFEST has taken its place`),
  ];
}

function fileLines({ files }: Tree): readonly string[] {
  return files.map(({ path, standing, why, bytes }) => {
    const size = bytes === undefined ? '' : `, ${count(bytes, 'byte')}`;
    return `${standing.padEnd('foreign'.length)}  ${nameText(path)}${size}: ${why}`;
  });
}

function manifestJson({ manifest, version }: DatabaseView): object {
  if (manifest.kind !== 'read') return manifest;
  const { nextNumber, flushedSequence, walNumbers } = version;
  return {
    kind: 'read',
    number: manifest.number,
    path: manifest.path,
    nextNumber,
    flushedSequence,
    walNumbers,
  };
}
