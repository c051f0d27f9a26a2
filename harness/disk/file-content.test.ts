import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AppliedChange, applyDataChanges } from './file-content.js';
import type { Fill, Outcome } from './model.js';

const OLD = '0123456789';

test.each([
  ['kept, an append', 10, 'abcd', { kind: 'kept' }, '0123456789abcd'],
  ['kept, an overwrite', 2, 'abcd', { kind: 'kept' }, '01abcd6789'],
  ['kept, beyond the end', 12, 'ab', { kind: 'kept' }, '0123456789__ab'],
  ['lost', 8, 'abcd', { kind: 'lost' }, OLD],
  ['the head of an append', 10, 'abcd', remnant('head', 1, 'nothing'), '0123456789a'],
  ['the head with zeros', 10, 'abcd', remnant('head', 1, 'zeros'), '0123456789a___'],
  ['the head with garbage', 10, 'abcd', remnant('head', 1, 'garbage'), '0123456789aGGG'],
  ['the tail of an append', 10, 'abcd', remnant('tail', 3, 'nothing'), '0123456789___d'],
  ['the tail with stale bytes', 10, 'abcd', remnant('tail', 3, 'stale'), '0123456789SSSd'],
  ['only the size, with garbage', 10, 'abcd', remnant('none', 0, 'garbage'), '0123456789GGGG'],
  ['only the size, with zeros', 10, 'abcd', remnant('none', 0, 'zeros'), '0123456789____'],
  ['the head of an overwrite', 2, 'abcd', remnant('head', 1, 'nothing'), '01a3456789'],
  ['the tail of an overwrite', 2, 'abcd', remnant('tail', 3, 'nothing'), '01234d6789'],
  ['half over the end, the head', 8, 'abcd', remnant('head', 1, 'garbage'), '01234567a9GG'],
  ['half over the end, the tail', 8, 'abcd', remnant('tail', 3, 'garbage'), '0123456789Gd'],
  ['half over the end, only the size', 8, 'abcd', remnant('none', 0, 'stale'), '0123456789SS'],
  ['beyond the end, only the size', 12, 'ab', remnant('none', 0, 'garbage'), '0123456789__GG'],
] as const)('%s', (_, offset, text, outcome, expected) => {
  expect(textOf(applyDataChanges(bytesOf(OLD), [write(offset, text, outcome)]))).toBe(expected);
});

test('a truncation cuts or grows with zeros, or does nothing if it is lost', () => {
  const truncate = (length: number, kind: 'kept' | 'lost'): AppliedChange => ({
    change: { kind: 'truncate', label: 'recovery/wal.truncate', inode: 1, path: 'f', length },
    outcome: { kind },
    fill,
  });
  expect(textOf(applyDataChanges(bytesOf(OLD), [truncate(3, 'kept')]))).toBe('012');
  expect(textOf(applyDataChanges(bytesOf(OLD), [truncate(12, 'kept')]))).toBe('0123456789__');
  expect(textOf(applyDataChanges(bytesOf(OLD), [truncate(3, 'lost')]))).toBe(OLD);
});

test('changes are applied in order, each on what the ones before left', () => {
  const changes = [
    write(10, 'abcd', { kind: 'lost' }),
    write(14, 'ef', { kind: 'kept' }),
    write(0, 'X', { kind: 'kept' }),
  ];
  expect(textOf(applyDataChanges(bytesOf(OLD), changes))).toBe('X123456789____ef');
});

test('the bytes before are never written to', () => {
  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    fc.constantFrom({ kind: 'kept' as const }, { kind: 'lost' as const }),
    fc
      .tuple(
        fc.constantFrom('head' as const, 'tail' as const, 'none' as const),
        fc.constantFrom('nothing' as const, 'zeros' as const, 'garbage' as const),
      )
      .map(([part, what]) => remnant(part, part === 'none' ? 0 : 1, what)),
  );
  const change = fc.tuple(fc.nat({ max: 14 }), outcome).map(([offset, one]) => write(offset, 'abc', one));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
      const before = bytesOf(OLD);
      applyDataChanges(before, changes);
      expect(textOf(before)).toBe(OLD);
    }),
  );
});

test('a truncation that only zeroed the page it cuts leaves the size and what is behind the page', () => {
  const before = new Uint8Array(5000).fill(7);
  const change = { kind: 'truncate', label: 'wal/append', inode: 1, path: 'f', length: 4000 } as const;
  const after = applyDataChanges(before, [{ change, outcome: remnant('none', 0, 'zeros'), fill }]);
  const expected = before.slice().fill(0, 4000, 4096);
  expect(Buffer.compare(after, expected)).toBe(0);
});

test('a head as long as its write is there as far as its page and the file reach', () => {
  expect(textOf(applyDataChanges(bytesOf('OLD'), [write(1, 'abc', remnant('head', 3, 'nothing'))]))).toBe(
    'Oab',
  );
  const page = new Uint8Array(5000);
  const after = applyDataChanges(page, [write(4095, 'abc', remnant('head', 3, 'nothing'))]);
  expect(textOf(after.subarray(4094, 4098))).toBe('_a__');
});

function remnant(part: 'head' | 'tail' | 'none', at: number, fill: Fill): Outcome {
  return { kind: 'remnant', part, at, fill };
}

function write(offset: number, text: string, outcome: Outcome): AppliedChange {
  const bytes = bytesOf(text);
  return {
    change: { kind: 'write', label: 'wal/append', inode: 1, path: 'f', offset, bytes },
    outcome,
    fill,
  };
}

function fill(kind: 'garbage' | 'stale', _start: number, length: number): Uint8Array {
  return bytesOf((kind === 'garbage' ? 'G' : 'S').repeat(length));
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** With zeros as underscores. */
function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes).replaceAll('\0', '_');
}
