import { expect, test } from 'vitest';
import { crc32 } from '../bytes/crc.js';
import { ByteWriter } from '../bytes/writer.js';
import { encodeManifest } from '../manifest/encode.js';
import { EMPTY_VERSION } from '../manifest/version.js';
import { readManifest } from './manifest-file.js';
import { fileOfBytes } from './whole-file.js';

const PATH = 'MANIFEST-000009';
const SOUND = encodeManifest(9, { ...EMPTY_VERSION, nextNumber: 10, walNumbers: [8] });

test('the number is the one given, or the one in the file', () => {
  for (const number of [9, undefined]) {
    expect(readManifest(fileOfBytes(PATH, SOUND), number)).toMatchObject({
      number: 9,
      bytes: SOUND.length,
      version: { walNumbers: [8] },
    });
  }
});

test.each<[string, readonly number[], RegExp, number]>([
  ['WALs', [1_000_001], /names 1000001 WALs, more than any database has/, 29],
  ['tables', [1, 8, 1_000_001], /names 1000001 tables, more than any database has/, 31],
])(
  'one that names more %s than any database has is refused before they are read',
  (_, varints, what, offset) => {
    const writer = new ByteWriter().bytes(SOUND.subarray(0, 29));
    for (const number of varints) writer.varint(number);
    // Enough bytes for all of them.
    writer.bytes(new Uint8Array(20_000_000));
    const bytes = writer.u32(crc32(writer.finish())).finish();
    const error = expect.objectContaining({ code: 'ENGINE_CORRUPT', file: PATH, offset }) as Error;
    expect(() => readManifest(fileOfBytes(PATH, bytes), 9)).toThrow(error);
    expect(() => readManifest(fileOfBytes(PATH, bytes), 9)).toThrow(what);
  },
);

test('of every beginning of a MANIFEST the engine says what is wrong', () => {
  for (let length = 0; length < SOUND.length; length++) {
    const error = expect.objectContaining({ code: 'ENGINE_CORRUPT' }) as Error;
    expect(() => readManifest(fileOfBytes(PATH, SOUND.subarray(0, length)), undefined)).toThrow(error);
  }
});
