import CRC32 from 'crc-32';
import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ChunkDecoder } from './trace-chunk.js';
import { TRACE_BYTES_MAX } from './trace-limits.js';
import { codeOf, crafted } from './trace-test-crafted.js';

/** Reads all chunks, and nothing of what is in them. */
function readChunks(file: Uint8Array): void {
  const chunks = new ChunkDecoder(file, 'the trace');
  while (chunks.next() !== undefined);
}

test('a huge length is refused, whether its checksum is right or not', () => {
  const file = crafted([{ coding: 0, payload: Uint8Array.of(0, 0) }]);
  const view = new DataView(file.buffer, file.byteOffset);
  view.setUint32(8, 0xffff_fff0, true);
  expect(codeOf(() => readChunks(file))).toBe('corrupt');
  view.setInt32(16, CRC32.buf(file.subarray(0, 16)), true);
  expect(codeOf(() => readChunks(file))).toBe('too-large');
});

test.each<[string, readonly number[]]>([
  ['to more than it says', [10]],
  ['to less than it says', [0xff, 0xff, 0x3f]],
  ['to less than it says, which is more than it could', [0xff, 0xff, 0xff, 0x7f]],
])('a chunk that inflates %s is refused', (_, length) => {
  const payload = Buffer.concat([Uint8Array.from(length), deflateRawSync(new Uint8Array(1_000_000))]);
  expect(codeOf(() => readChunks(crafted([{ coding: 1, payload }])))).toBe('corrupt');
});

test('bytes that do not inflate, and an unknown coding, are refused', () => {
  const payload = Uint8Array.of(3, 0xff, 0xff, 0xff);
  expect(codeOf(() => readChunks(crafted([{ coding: 1, payload }])))).toBe('corrupt');
  expect(codeOf(() => readChunks(crafted([{ coding: 2, payload }])))).toBe('corrupt');
});

test('chunks that inflate to too much in all are refused', () => {
  const inflated = 2 ** 26;
  const payload = Buffer.concat([
    Uint8Array.of(0x80, 0x80, 0x80, 0x20),
    deflateRawSync(new Uint8Array(inflated)),
  ]);
  const allowed = Array.from({ length: TRACE_BYTES_MAX / inflated }, () => ({ coding: 1, payload }));
  expect(codeOf(() => readChunks(crafted(allowed)))).toBe('no error');
  expect(codeOf(() => readChunks(crafted([...allowed, { coding: 0, payload }])))).toBe('too-large');
});
