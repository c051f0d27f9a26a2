import { expect, test } from 'vitest';
import { KEPT, LOST, type Remnant } from '../model.js';
import type { Choice } from '../choices.js';
import { after, allows, knownContent, sliceBytesOf } from './possible-content.js';

const old = new Uint8Array(5000).fill(1);

test('content that is known allows its own bytes and no others', () => {
  const content = knownContent(old, 4096);
  expect(allows(content, old)).toBe(true);
  expect(allows(content, old.subarray(1))).toBe(false);
  expect(allows(content, new Uint8Array(5000).fill(2))).toBe(false);
});

test('an append that arrived from the front reaches to a page and shows nothing else', () => {
  const choice = append([{ kind: 'remnant', part: 'head', at: 3192, fill: 'nothing' }]);
  const contents = after(knownContent(old, 4096), choice, 'torn', 8192);
  expect(contents.some((content) => allows(content, grown(8192, 8192)))).toBe(true);
  expect(contents.some((content) => allows(content, grown(8192, 6000)))).toBe(false);
  expect(contents.some((content) => allows(content, grown(8000, 8000)))).toBe(false);
  // The whole append is 10,000 bytes, and the middle page is missing.
  const hole = grown(15_000, 15_000).fill(0, 8192, 12_288);
  expect(contents.some((content) => allows(content, hole))).toBe(false);
});

test('an append whose size came before its data shows zeros, and not only at a page for garbage', () => {
  const zeros = append([{ kind: 'remnant', part: 'none', at: 0, fill: 'zeros' }]);
  const garbage = append([{ kind: 'remnant', part: 'none', at: 0, fill: 'garbage' }]);
  const allowed = (choice: Choice, bytes: Uint8Array) =>
    after(knownContent(old, 4096), choice, 'size', 15_000).some((content) => allows(content, bytes));
  expect(allowed(zeros, grown(15_000, 5000))).toBe(true);
  expect(allowed(zeros, grown(15_000, 5000).fill(9, 7000))).toBe(false);
  expect(allowed(garbage, grown(15_000, 5000).fill(9, 7000))).toBe(true);
  expect(allowed(garbage, grown(15_000, 5000).fill(9, 4999))).toBe(false);
});

test('a truncation leaves zeros where the file grows again', () => {
  const truncate: Choice = {
    pending: {
      ...PENDING,
      change: { kind: 'truncate', label: 'validate/truncate', inode: 1, path: 'file', length: 100 },
    },
    needs: [],
    reaches: [],
    outcomes: [KEPT, LOST],
  };
  const [short] = after(knownContent(old, 4096), truncate, 'whole', 5000);
  expect(short && allows(short, old.subarray(0, 100))).toBe(true);
  const [long] = short === undefined ? [] : after(short, append([]), 'whole', 15_000);
  expect(long && allows(long, grown(15_000, 15_000).fill(0, 100, 5000))).toBe(true);
});

test('slices are pages unless a model cuts within them', () => {
  expect(sliceBytesOf([append([{ kind: 'remnant', part: 'head', at: 3192, fill: 'nothing' }])])).toBe(4096);
  expect(sliceBytesOf([append([{ kind: 'remnant', part: 'head', at: 120, fill: 'nothing' }])])).toBe(512);
});

const PENDING = { step: 0, name: 'validate/write#1', sizeBefore: 5000, durableBytes: 5000, abandoned: false };

/** 10,000 bytes of 2 after the 5,000 of 1. */
function append(remnants: readonly Remnant[]): Choice {
  const bytes = new Uint8Array(10_000).fill(2);
  return {
    pending: {
      ...PENDING,
      change: { kind: 'write', label: 'validate/write', inode: 1, path: 'file', offset: 5000, bytes },
    },
    needs: [],
    reaches: [],
    outcomes: [KEPT, LOST, ...remnants],
  };
}

function grown(size: number, dataTo: number): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set(old);
  return bytes.fill(2, 5000, dataTo);
}
