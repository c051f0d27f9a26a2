import { EngineError } from './errors.js';

/**
 * Options with their defaults and ranges. The defaults come from "Build Your Own Key-Value Storage Engine"
 * (The Coder Cafe): 2,000 entries a memtable, 1,953 entries a table, five tables in L0, 4 KiB blocks.
 */
export interface EngineOptions {
  /** 'always': acknowledged after fdatasync. 'os': after write(2), survives SIGKILL. 'interval': 'os' and a sync every `syncIntervalMs`. */
  readonly durability: 'always' | 'os' | 'interval';
  readonly syncIntervalMs: number;
  /** A memtable is flushed when it holds this many entries, or this many bytes. */
  readonly memtableEntriesMax: number;
  readonly memtableBytesMax: number;
  readonly tableEntriesMax: number;
  readonly tableBytesMax: number;
  readonly blockBytes: number;
  /** Keys between two restart points of a block. */
  readonly restartInterval: number;
  readonly bloomFalsePositiveRate: number;
  /** 'leveled': one run a level, least to read. 'tiered': several runs a level, least to write. */
  readonly compaction: 'leveled' | 'tiered';
  /** L0 is compacted into L1 when it has this many tables; tiered, every level when it has this many runs. */
  readonly l0TablesMax: number;
  /** Tables that L1 may hold before one moves to L2; each level below may hold `levelRatio` times more. */
  readonly l1TablesMax: number;
  readonly levelRatio: number;
  readonly levelsMax: number;
  /** Sorted runs that one compaction merges at the most. */
  readonly compactionRunsMax: number;
  /** Writers let background work go first while L0 has this many tables. */
  readonly l0TablesSlowdown: number;
  /** Writers wait while L0 has this many tables, or this many memtables wait for their flush. */
  readonly l0TablesStall: number;
  readonly memtablesStall: number;
  readonly blockCacheBytes: number;
}

export const DEFAULT_OPTIONS: EngineOptions = {
  durability: 'os',
  syncIntervalMs: 100,
  memtableEntriesMax: 2_000,
  memtableBytesMax: 8 * 1024 * 1024,
  tableEntriesMax: 1_953,
  tableBytesMax: 2 * 1024 * 1024,
  blockBytes: 4_096,
  restartInterval: 16,
  bloomFalsePositiveRate: 0.01,
  compaction: 'leveled',
  l0TablesMax: 5,
  l1TablesMax: 10,
  levelRatio: 10,
  levelsMax: 7,
  compactionRunsMax: 16,
  l0TablesSlowdown: 12,
  l0TablesStall: 20,
  memtablesStall: 3,
  blockCacheBytes: 8 * 1024 * 1024,
};

export const KEY_BYTES_MAX = 65_535;
export const VALUE_BYTES_MAX = 64 * 1024 * 1024;
/** Keys and values of one batch together: a record of the WAL is one buffer in memory. */
export const BATCH_BYTES_MAX = 1024 * 1024 * 1024;

/** Options that are one of some words. */
const CHOICES = {
  durability: ['always', 'os', 'interval'],
  compaction: ['leveled', 'tiered'],
} as const;

const RANGES: Readonly<
  Record<Exclude<keyof EngineOptions, keyof typeof CHOICES>, readonly [number, number]>
> = {
  syncIntervalMs: [1, 3_600_000],
  memtableEntriesMax: [1, 10_000_000],
  memtableBytesMax: [1, 2 ** 31],
  tableEntriesMax: [1, 10_000_000],
  tableBytesMax: [1, 2 ** 31],
  blockBytes: [64, 2 ** 24],
  restartInterval: [1, 1_024],
  bloomFalsePositiveRate: [0.000_001, 0.5],
  l0TablesMax: [1, 10_000],
  l1TablesMax: [1, 1_000_000],
  levelRatio: [2, 1_000],
  levelsMax: [2, 16],
  compactionRunsMax: [2, 1_000],
  l0TablesSlowdown: [1, 100_000],
  l0TablesStall: [2, 100_000],
  memtablesStall: [1, 1_000],
  blockCacheBytes: [0, 2 ** 40],
};

/**
 * Fills in the defaults. Throws ENGINE_INVALID_OPTION naming the first option that is unknown or out of range, or
 * l0TablesStall if it is below l0TablesMax: writers would wait for a compaction that never begins.
 */
export function resolveOptions(given: Partial<EngineOptions>): EngineOptions {
  const own = ownOptions(given);
  for (const [name, value] of Object.entries(own)) checkOption(name, value);
  const options = { ...DEFAULT_OPTIONS, ...own };
  if (options.l0TablesStall < options.l0TablesMax) {
    throw invalid(
      `Expected l0TablesStall to be at least l0TablesMax (${options.l0TablesMax}), got ${options.l0TablesStall}.`,
    );
  }
  return options;
}

/** Read once: what was checked is what is used. */
function ownOptions(given: unknown): Partial<EngineOptions> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid(`Expected an object with options, got ${describe(given)}.`);
  }
  try {
    return { ...given };
  } catch {
    throw invalid('Expected an object with options, got one that cannot be read.');
  }
}

function checkOption(name: string, value: unknown): void {
  const choices = Object.hasOwn(CHOICES, name) ? CHOICES[name as keyof typeof CHOICES] : undefined;
  if (choices !== undefined) {
    if ((choices as readonly unknown[]).includes(value)) return;
    throw invalid(`Expected ${name} to be one of ${choices.join(', ')}, got ${describe(value)}.`);
  }
  const range = (RANGES as Record<string, readonly [number, number] | undefined>)[name];
  if (range === undefined || !Object.hasOwn(RANGES, name)) {
    throw invalid(
      `Unknown engine option ${JSON.stringify(name)}; the options are ${Object.keys(DEFAULT_OPTIONS).join(', ')}.`,
    );
  }
  const whole = name === 'bloomFalsePositiveRate' || Number.isInteger(value);
  if (typeof value !== 'number' || !whole || !(value >= range[0] && value <= range[1])) {
    throw invalid(
      `Expected ${name} to be a ${name === 'bloomFalsePositiveRate' ? '' : 'whole '}number from ${range[0]} to ${range[1]}, got ${describe(value)}.`,
    );
  }
}

/** Words for any value, also for one that would not become a text by itself. */
function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  return typeof value;
}

function invalid(message: string): EngineError {
  return new EngineError('ENGINE_INVALID_OPTION', message);
}
