import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cursor, CursorError } from './cursor.js';
import { ByteWriter, varintBytes } from './writer.js';

/** The writer and the cursor are tested against each other and, where it has the type, against Node's Buffer. */
type Field =
  | { readonly kind: 'u8' | 'u16' | 'u32' | 'u64' | 'varint'; readonly value: number }
  | { readonly kind: 'lengthPrefixed'; readonly value: Uint8Array };

const number = (kind: 'u8' | 'u16' | 'u32', max: number) =>
  fc.record({ kind: fc.constant(kind), value: fc.nat({ max }) });

const fields: fc.Arbitrary<readonly Field[]> = fc.array(
  fc.oneof(
    number('u8', 0xff),
    number('u16', 0xffff),
    number('u32', 0xffff_ffff),
    fc.record({ kind: fc.constantFrom('u64' as const, 'varint' as const), value: fc.maxSafeNat() }),
    fc.record({ kind: fc.constant('lengthPrefixed' as const), value: fc.uint8Array({ maxLength: 300 }) }),
  ),
);

function write(all: readonly Field[]): Uint8Array {
  const writer = new ByteWriter(1);
  for (const field of all) {
    if (field.kind === 'lengthPrefixed') writer.lengthPrefixed(field.value);
    else writer[field.kind](field.value);
  }
  return writer.finish();
}

function readAll(all: readonly Field[], bytes: Uint8Array): unknown[] {
  const cursor = new Cursor(bytes);
  return all.map((field) => cursor[field.kind]());
}

test('what was written is read back', () => {
  fc.assert(
    fc.property(fields, (all) => {
      expect(readAll(all, write(all))).toEqual(all.map((field) => field.value));
    }),
  );
});

test('every cut of the bytes is noticed', () => {
  fc.assert(
    fc.property(fields, fc.nat(), (all, at) => {
      const bytes = write(all);
      fc.pre(bytes.length > 0);
      const cut = bytes.subarray(0, at % bytes.length);
      expect(() => readAll(all, cut)).toThrow(CursorError);
    }),
  );
});

test('numbers are little endian', () => {
  const bytes = new ByteWriter().u16(0x0102).u32(0xfedcba98).u64(0x1234567890abc).finish();
  const buffer = Buffer.from(bytes);
  expect(buffer.readUInt16LE(0)).toBe(0x0102);
  expect(buffer.readUInt32LE(2)).toBe(0xfedcba98);
  expect(buffer.readBigUInt64LE(6)).toBe(0x1234567890abcn);
});

test('a varint takes as many bytes as varintBytes says', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      expect(new ByteWriter().varint(value).length).toBe(varintBytes(value));
    }),
  );
  expect([0, 127, 128, 16_383, 16_384, Number.MAX_SAFE_INTEGER].map(varintBytes)).toEqual([1, 1, 2, 2, 3, 8]);
});

test('a number that the field cannot hold is refused by the writer', () => {
  for (const value of [-1, 256, 0.5, Number.NaN])
    expect(() => new ByteWriter().u8(value)).toThrow(RangeError);
  for (const value of [-1, 2 ** 53, 1.5, Infinity]) {
    expect(() => new ByteWriter().u64(value)).toThrow(RangeError);
    expect(() => new ByteWriter().varint(value)).toThrow(RangeError);
  }
});

test('a number above 2^53 - 1 is refused by the cursor', () => {
  const u64 = Buffer.alloc(8);
  u64.writeBigUInt64LE(2n ** 53n);
  expect(() => new Cursor(u64).u64()).toThrow('out of range');
  expect(() => new Cursor(new Uint8Array(12).fill(0xff)).varint()).toThrow('out of range');
  expect(() => new Cursor(Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 31)).varint()).toThrow(
    'out of range',
  );
});

test('a read that fails leaves the position where it began', () => {
  const cursor = new Cursor(Uint8Array.of(7, 200, 1, 5), 1);
  expect(() => cursor.lengthPrefixed()).toThrow('truncated');
  expect(() => cursor.u32()).toThrow('truncated');
  expect(cursor.position).toBe(1);
});

test('nothing outside of the bounds is read', () => {
  const cursor = new Cursor(Uint8Array.of(1, 2, 3, 4), 1, 3);
  expect([cursor.u8(), cursor.u8(), cursor.remaining]).toEqual([2, 3, 0]);
  expect(() => cursor.u8()).toThrow('truncated');
  expect(() => new Cursor(new Uint8Array(4), 2, 5)).toThrow(RangeError);
});

test('bytes read from a Buffer are a view and no Buffer', () => {
  const buffer = Buffer.from('xabc');
  const view = new Cursor(buffer.subarray(1)).bytes(2);
  buffer[1] = 0x7a;
  expect(view).toEqual(Uint8Array.of(0x7a, 0x62));
});

test('a field can be filled in later', () => {
  const bytes = new ByteWriter().u32(0).u8(9).setU32(0, 0xffff_fffe).finish();
  expect([...bytes]).toEqual([0xfe, 0xff, 0xff, 0xff, 9]);
  expect(() => new ByteWriter().u8(1).setU32(0, 1)).toThrow(RangeError);
});
