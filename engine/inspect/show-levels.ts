import { pathOf } from '../filenames.js';
import { compareKeys } from '../entry.js';
import { keyRange, runsOfLevel } from '../manifest/runs.js';
import type { Version } from '../manifest/version.js';
import type { TableMeta } from '../table/meta.js';
import { base64, byteText, count } from './byte-text.js';

/**
 * The tables of a version, level by level and run by run, with their key ranges and how many others each one meets: in
 * its level (a get may have to look into all of those), and in the level below (a compaction rewrites those).
 */
export function levelLines(version: Version): readonly string[] {
  const lines: string[] = [];
  const meetingsOf = meetings(version);
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
    for (const table of tables) lines.push(`  ${tableText(table, meetingsOf(table))}`);
  }
  return lines.length === 0 ? ['no tables'] : lines;
}

/** The same as plain data, keys in base64. */
export function levelsJson(version: Version): readonly object[] {
  const meetingsOf = meetings(version);
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
        tables: tables.map((table) => tableJson(table, meetingsOf(table))),
      },
    ];
  });
}

interface Meetings {
  /** Other tables of the same level; none of the same run, unless the version is wrong. */
  readonly overlaps: number;
  readonly overlapsBelow: number;
}

function meetings({ levels }: Version): (table: TableMeta) => Meetings {
  const bounds = levels.map((tables) => ({
    smallest: tables.map(({ smallest }) => smallest).sort(compareKeys),
    largest: tables.map(({ largest }) => largest).sort(compareKeys),
  }));
  /** All tables but those that end before it begins and those that begin after it ends. */
  const met = (level: number, { smallest, largest }: TableMeta): number => {
    const of = bounds[level];
    if (of === undefined) return 0;
    const endBefore = countBelow(of.largest, smallest);
    return countBelow(of.smallest, largest, 'included') - endBefore;
  };
  return (table) => ({
    overlaps: Math.max(0, met(table.level, table) - 1),
    overlapsBelow: Math.max(0, met(table.level + 1, table)),
  });
}

/** How many of these ascending keys lie below `key`, or up to it. */
function countBelow(keys: readonly Uint8Array[], key: Uint8Array, end?: 'included'): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareKeys(keys[middle] as Uint8Array, key);
    if (order < 0 || (order === 0 && end === 'included')) low = middle + 1;
    else high = middle;
  }
  return low;
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
