import { expect, test } from 'vitest';
import { encodeBlock } from './block.js';
import { BlockReader } from './block-reader.js';
import { BlockCache } from './cache.js';

/** All of one size, so that a test can count in blocks. */
function makeBlock(): BlockReader {
  const entry = { key: Buffer.from('key'), sequence: 1, kind: 'value', value: Buffer.from('value') } as const;
  return new BlockReader('l0/000001.sst', 0, encodeBlock([entry], 1));
}

const BLOCK_BYTES = makeBlock().bytes.length;

test('the block used least recently goes first', () => {
  const cache = new BlockCache(2 * BLOCK_BYTES);
  cache.add(1, 0, makeBlock());
  cache.add(1, 50, makeBlock());
  cache.get(1, 0);
  cache.add(2, 0, makeBlock());
  expect([cache.get(1, 50), cache.get(1, 0), cache.get(2, 0)].map((block) => block !== undefined)).toEqual([
    false,
    true,
    true,
  ]);
});

test('it counts hits, misses and bytes', () => {
  const cache = new BlockCache(10 * BLOCK_BYTES);
  const block = makeBlock();
  expect(cache.get(1, 0)).toBeUndefined();
  cache.add(1, 0, block);
  cache.add(1, 0, block);
  expect(cache.get(1, 0)).toBe(block);
  expect(cache.stats).toEqual({ hits: 1, misses: 1, bytes: BLOCK_BYTES });
});

test('dropping a table drops its blocks and no others', () => {
  const cache = new BlockCache(10 * BLOCK_BYTES);
  for (const offset of [0, 50, 100]) cache.add(1, offset, makeBlock());
  cache.add(2, 0, makeBlock());
  cache.dropTable(1);
  expect(cache.get(1, 50)).toBeUndefined();
  expect(cache.get(2, 0)).toBeDefined();
  expect(cache.stats.bytes).toBe(BLOCK_BYTES);
});

test('a block larger than the cache is not kept and throws nothing out', () => {
  const cache = new BlockCache(BLOCK_BYTES);
  cache.add(1, 0, makeBlock());
  const entry = { key: Buffer.from('key'), sequence: 1, kind: 'value', value: Buffer.alloc(100) } as const;
  cache.add(1, 50, new BlockReader('l0/000001.sst', 0, encodeBlock([entry], 1)));
  expect(cache.get(1, 50)).toBeUndefined();
  expect(cache.get(1, 0)).toBeDefined();
});
