import { varintBytes } from '../bytes/writer.js';
import { compareKeys } from '../entry.js';
import { encodeManifest } from '../manifest/encode.js';
import { type Run, runsOfLevel } from '../manifest/runs.js';
import type { Version } from '../manifest/version.js';
import type { TableMeta } from '../table/meta.js';
import { fault, type Finding } from './finding.js';

/**
 * Whether what a MANIFEST says makes sense in itself. Its checksum says only that somebody meant it: the engine relies
 * on the order of the tables, and a version that breaks it gives wrong answers without any error.
 */
export function* checkVersion(path: string, number: number, version: Version): Generator<Finding> {
  const { nextNumber, walNumbers } = version;
  if (number >= nextNumber)
    yield fault(path, NEXT_NUMBER_OFFSET, `its number is not below the next one, ${nextNumber}`);
  for (const [index, wal] of walNumbers.entries()) {
    if (index > 0 && wal <= (walNumbers[index - 1] ?? 0))
      yield fault(path, WALS_OFFSET, `WAL ${wal} is not in ascending order`);
    if (wal >= nextNumber)
      yield fault(path, WALS_OFFSET, `WAL ${wal} is not below the next number, ${nextNumber}`);
  }
  const offsets = tableOffsets(number, version);
  const offsetOf = (table: TableMeta): number => offsets.get(table) ?? 0;
  const seen = new Set<number>();
  for (const table of version.levels.flat()) {
    for (const what of tableProblems(table, version))
      yield fault(path, offsetOf(table), `table ${table.number}: ${what}`);
    if (seen.has(table.number)) yield fault(path, offsetOf(table), `table ${table.number} is named twice`);
    seen.add(table.number);
  }
  for (const [level, tables] of version.levels.entries()) {
    for (const { table, what } of orderProblems(level, tables))
      yield fault(path, offsetOf(table), `table ${table.number}: ${what}`);
  }
}

/** Behind magic, format version and file number. */
const NEXT_NUMBER_OFFSET = 13;
const WALS_OFFSET = 29;

function tableProblems(table: TableMeta, { nextNumber, flushedSequence }: Version): readonly string[] {
  const { number, level, entries, tombstones, keys, sequenceMin, sequenceMax, smallest, largest } = table;
  const problems: (string | false)[] = [
    number >= nextNumber && `its number is not below the next one, ${nextNumber}`,
    level > LEVEL_MAX && `there is no level ${level}`,
    entries < 1 && 'it has no entry',
    tombstones > entries && `${tombstones} tombstones are more than its ${entries} entries`,
    entries > 0 && (keys < 1 || keys > entries) && `${keys} keys do not fit ${entries} entries`,
    sequenceMin < 1 && 'sequence numbers begin at 1',
    sequenceMin > sequenceMax && `sequence ${sequenceMin} to ${sequenceMax} is no range`,
    sequenceMax > flushedSequence && `sequence ${sequenceMax} is above the flushed one, ${flushedSequence}`,
    compareKeys(smallest, largest) > 0 && 'its smallest key comes after its largest',
  ];
  return problems.filter((problem) => problem !== false);
}

/** The option `levelsMax` allows 16 levels. */
const LEVEL_MAX = 15;

function orderProblems(level: number, tables: readonly TableMeta[]) {
  const problems: { readonly table: TableMeta; readonly what: string }[] = [];
  if (level === 0) {
    for (const [index, table] of tables.entries()) {
      const newer = tables[index - 1];
      if (newer !== undefined && newer.sequenceMax < table.sequenceMax) {
        problems.push({ table, what: `it is newer than table ${newer.number} before it in L0` });
      }
    }
    return problems;
  }
  const runs = runsOfLevel(tables);
  for (const [index, run] of runs.entries()) {
    const [before, first] = [runs[index - 1]?.[0], run[0]];
    if (before !== undefined && first !== undefined && first.run >= before.run) {
      problems.push({
        table: first,
        what: `its run ${first.run} of L${level} is not older than run ${before.run} before it`,
      });
    }
    problems.push(...overlaps(level, run));
  }
  return problems;
}

function overlaps(level: number, run: Run) {
  return run.flatMap((table, index) => {
    const before = run[index - 1];
    if (before === undefined || compareKeys(before.largest, table.smallest) < 0) return [];
    return [
      { table, what: `its keys do not begin after those of table ${before.number} before it in L${level}` },
    ];
  });
}

/** Where in the file each table is described: they lie one behind the other, in front of the checksum. */
function tableOffsets(number: number, version: Version): ReadonlyMap<TableMeta, number> {
  const tables = version.levels.flat();
  const lengthOf = (part: Partial<Version>) => encodeManifest(number, { ...version, ...part }).length;
  const nothing = lengthOf({ levels: [], walNumbers: [] });
  const offsets = new Map<TableMeta, number>();
  let offset = lengthOf({ levels: [] }) - CHECKSUM_BYTES - 1 + varintBytes(tables.length);
  for (const table of tables) {
    offsets.set(table, offset);
    offset += lengthOf({ levels: [[table]], walNumbers: [] }) - nothing;
  }
  return offsets;
}

const CHECKSUM_BYTES = 4;
