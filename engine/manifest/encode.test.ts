import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from '../bytes/crc.js';
import { EngineError } from '../errors.js';
import { decodeManifest, encodeManifest } from './encode.js';
import { tableMeta, versions } from './manifest-test-arbitraries.js';
import { EMPTY_VERSION, type Version } from './version.js';

const PATH = 'MANIFEST-000007';

const EXAMPLE: Version = {
  levels: [
    [tableMeta({ number: 5, level: 0 })],
    [],
    [tableMeta({ number: 3, level: 2 }), tableMeta({ number: 4, level: 2, smallest: Uint8Array.of(9) })],
  ],
  walNumbers: [6, 300],
  nextNumber: 8,
  flushedSequence: 70_000,
};

function refusal(bytes: Uint8Array, number = 7): EngineError {
  try {
    decodeManifest(PATH, number, bytes);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('The bytes were taken for a MANIFEST.');
}

test('what was encoded is decoded', () => {
  fc.assert(
    fc.property(versions, fc.nat(), (version, number) => {
      expect(decodeManifest(PATH, number, encodeManifest(number, version))).toEqual(version);
    }),
  );
  expect(decodeManifest(PATH, 1, encodeManifest(1, EMPTY_VERSION))).toEqual(EMPTY_VERSION);
});

test('keys that come out are copies', () => {
  const bytes = encodeManifest(7, EXAMPLE);
  const version = decodeManifest(PATH, 7, bytes);
  bytes.fill(0);
  expect(version).toEqual(EXAMPLE);
});

test('every flipped bit is found', () => {
  const bytes = encodeManifest(7, EXAMPLE);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = bytes.slice();
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(refusal(damaged)).toMatchObject({ code: 'ENGINE_CORRUPT', file: PATH });
  }
});

test('every cut, and every byte too many, is found', () => {
  const bytes = encodeManifest(7, EXAMPLE);
  for (let length = 0; length < bytes.length; length++) {
    expect(refusal(bytes.subarray(0, length))).toMatchObject({ code: 'ENGINE_CORRUPT', file: PATH });
  }
  expect(refusal(Buffer.concat([bytes, Buffer.alloc(1)]))).toMatchObject({ code: 'ENGINE_CORRUPT' });
});

test('arbitrary bytes with a right checksum give a version or ENGINE_CORRUPT, and soon', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat({ max: 40 }), (noise, keep) => {
      const head = encodeManifest(7, EXAMPLE).subarray(0, 5 + keep);
      const body = Buffer.concat([head, noise]);
      const checksum = Buffer.alloc(4);
      checksum.writeUInt32LE(crc32(body));
      try {
        decodeManifest(PATH, 7, Buffer.concat([body, checksum]));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENGINE_CORRUPT', file: PATH });
      }
    }),
    { numRuns: 500 },
  );
});

test('a MANIFEST that was changed and sealed anew gives no more tables and keys than it has bytes, or ENGINE_CORRUPT', () => {
  const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }));
  fc.assert(
    fc.property(versions, fc.array(change, { minLength: 1, maxLength: 4 }), (version, changes) => {
      const bytes = Buffer.from(encodeManifest(7, version));
      const body = bytes.length - 4;
      for (const [at, byte] of changes) bytes[at % body] = byte;
      bytes.writeUInt32LE(crc32(bytes.subarray(0, body)), body);
      try {
        const { levels, walNumbers } = decodeManifest(PATH, 7, bytes);
        const tables = levels.flat();
        const keyBytes = tables.reduce(
          (sum, { smallest, largest }) => sum + smallest.length + largest.length,
          0,
        );
        expect(levels.length).toBeLessThanOrEqual(256);
        expect(walNumbers.length + tables.length + keyBytes).toBeLessThan(bytes.length);
      } catch (error) {
        expect(error).toMatchObject({ name: 'EngineError', code: 'ENGINE_CORRUPT', file: PATH });
      }
    }),
    { numRuns: 1_000 },
  );
});

test('a MANIFEST under the name of another, and a format of the future, are told apart from damage', () => {
  expect(refusal(encodeManifest(8, EXAMPLE)).message).toContain('says that it is MANIFEST 8');
  const body = encodeManifest(7, EXAMPLE).slice(0, -4);
  body[4] = 3;
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(body));
  expect(refusal(Buffer.concat([body, checksum])).message).toContain('expected format version 2, got 3');
});
