import { EngineError } from '../errors.js';
import { BLOOM_PROBES, type BloomFilter, CACHE_LINE_BYTES } from '../table/bloom.js';
import type { Hashes } from '../table/hashes.js';
import type { VfsFile } from '../vfs/vfs.js';
import { count, nameText } from './byte-text.js';
import { warning } from './finding.js';
import { isPlatformError } from './inspect-error.js';
import { type Shown, showFinding } from './shown.js';
import { readFilter } from './table-parts.js';
import { problemOf } from './whole-file.js';

/**
 * The filter of a table: its kind, size and seeds, and how full it is. A share `fill` of bits that are set lets a key
 * that is not there pass in about fill^probes of all cases, in a blocked filter that share of one cache line; much above
 * one half it was made for fewer keys than it has. One that is missing or bad is a warning, since recovery makes it anew.
 */
export function* showFilter(
  path: string,
  file: VfsFile | undefined,
  number: number,
  hashes: Hashes,
): Generator<Shown> {
  if (file === undefined) {
    yield showFinding(warning(path, 0, 'the filter is missing; recovery makes it anew'));
    return;
  }
  try {
    yield filterShown(path, file.size(), readFilter(file, number, hashes));
  } catch (error) {
    if (error instanceof EngineError) yield showFinding(warning(path, error.offset ?? 0, problemOf(error)));
    else if (isPlatformError(error)) yield showFinding(warning(path, 0, `cannot be read: ${error.message}`));
    else throw error;
  }
}

function filterShown(path: string, bytes: number, filter: BloomFilter): Shown {
  const bits = filter.bits.length * 8;
  const bitsSet = countOnes(filter.bits);
  const seeds = filter.seeds.map((seed) => `0x${seed.toString(16).padStart(16, '0')}`);
  return {
    text: () =>
      [
        `${nameText(path)}: ${filter.kind} filter, ${count(bytes, 'byte')}, ${count(bits, 'bit')}, ${BLOOM_PROBES} probes`,
        `seeds ${seeds.join(' and ')}`,
        `${percent(bitsSet / bits)} of the bits set, about ${percent(falsePositiveRate(filter))} false positives`,
      ].join(', '),
    json: () => ({
      kind: 'filter',
      file: path,
      type: filter.kind,
      ...{ bytes, bits, bitsSet, seeds, probes: BLOOM_PROBES },
    }),
  };
}

function falsePositiveRate({ kind, bits }: BloomFilter): number {
  const bytes = kind === 'standard' ? bits.length : CACHE_LINE_BYTES;
  let sum = 0;
  for (let start = 0; start < bits.length; start += bytes)
    sum += (countOnes(bits.subarray(start, start + bytes)) / (8 * bytes)) ** BLOOM_PROBES;
  return (sum * bytes) / bits.length;
}

function countOnes(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum + (ONES_OF_BYTE[byte] ?? 0), 0);
}

const ONES_OF_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
  return ones;
});

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
