import { pathOf } from '../filenames.js';
import { keyRange, overlappingInRun, runsOfLevel } from '../manifest/runs.js';
import type { Version } from '../manifest/version.js';
import type { TableMeta } from '../table/meta.js';
import { base64, byteText, count } from './byte-text.js';

/**
 * The tables of a version, level by level and run by run, with their key ranges and how many others each one meets: in
 * the other runs of its level (a get may have to look into all of those), and in the level below (a compaction rewrites
 * those).
 */
export function levelLines(version: Version): readonly string[] {
  const lines: string[] = [];
  for (const [level, tables] of version.levels.entries()) {
    if (tables.length === 0) continue;
    const runs = runsOfLevel(tables);
    const range = keyRange(tables);
    const sizes = [
      count(tables.length, 'table'),
      count(runs.length, 'run'),
      count(sum(tables, 'entries'), 'entry', 'entries'),
    ];
    lines.push(
      `L${level}: ${sizes.join(', ')}, ${count(sum(tables, 'bytes'), 'byte')}, ${byteText(range.smallest)} to ${byteText(range.largest)}`,
    );
    for (const table of tables) lines.push(`  ${tableText(table, meetingsOf(version, table))}`);
  }
  return lines.length === 0 ? ['no tables'] : lines;
}

/** The same as plain data, keys in base64. */
export function levelsJson(version: Version): readonly object[] {
  return version.levels.flatMap((tables, level) => {
    if (tables.length === 0) return [];
    const { smallest, largest } = keyRange(tables);
    return [
      {
        level,
        runs: runsOfLevel(tables).length,
        bytes: sum(tables, 'bytes'),
        entries: sum(tables, 'entries'),
        smallest: base64(smallest),
        largest: base64(largest),
        tables: tables.map((table) => tableJson(table, meetingsOf(version, table))),
      },
    ];
  });
}

interface Meetings {
  /** Tables of other runs of the same level. */
  readonly overlaps: number;
  readonly overlapsBelow: number;
}

function meetingsOf({ levels }: Version, table: TableMeta): Meetings {
  const { level, smallest, largest } = table;
  const meet = (tables: readonly TableMeta[]) =>
    runsOfLevel(tables)
      .filter((run) => !run.includes(table))
      .reduce((met, run) => met + overlappingInRun(run, smallest, largest).length, 0);
  return { overlaps: meet(levels[level] ?? []), overlapsBelow: meet(levels[level + 1] ?? []) };
}

function tableText(table: TableMeta, { overlaps, overlapsBelow }: Meetings): string {
  const { number, level, run, bytes, entries, tombstones, sequenceMin, sequenceMax, smallest, largest } =
    table;
  return [
    pathOf({ kind: 'table', number, level }),
    `${level === 0 ? '' : `run ${run}, `}${count(bytes, 'byte')}`,
    `${count(entries, 'entry', 'entries')} (${count(tombstones, 'tombstone')}, ${count(table.keys, 'key')})`,
    `sequence ${sequenceMin} to ${sequenceMax}`,
    `${byteText(smallest)} to ${byteText(largest)}`,
    `meets ${overlaps} in L${level}, ${overlapsBelow} in L${level + 1}`,
  ].join('  ');
}

function tableJson(table: TableMeta, meetings: Meetings): object {
  const { number, level, smallest, largest } = table;
  const file = pathOf({ kind: 'table', number, level });
  return { file, ...table, smallest: base64(smallest), largest: base64(largest), ...meetings };
}

function sum(tables: readonly TableMeta[], name: 'bytes' | 'entries'): number {
  return tables.reduce((total, table) => total + table[name], 0);
}
