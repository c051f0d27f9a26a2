import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Line, readLines } from './lines.js';

async function* piecesOf(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const length of [...lengths, bytes.length]) {
    yield bytes.subarray(start, start + length);
    start += length;
  }
}

async function read(
  text: string | Uint8Array,
  lengths: readonly number[] = [],
  bytesMax = 100,
): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of readLines(piecesOf(Buffer.from(text), lengths), bytesMax)) lines.push(line);
  return lines;
}

test('lines are the same however the stream is cut into pieces', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '𝄞', '\n', '\r\n', ' '), maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(5), { maxLength: 20 }), async (text, lengths) => {
      const expected = text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => line.replace(/\r$/, ''));
      const lines = await read(text, lengths, 1_000);
      expect(lines.map((line) => line.text)).toEqual(text === '' ? [] : expected);
      expect(lines.map((line) => line.number)).toEqual(lines.map((_, index) => index + 1));
    }),
  );
});

test('a line that is too long or not UTF-8 is refused with its number', async () => {
  await expect(read('a\n' + 'b'.repeat(101))).rejects.toMatchObject({ code: 'malformed-line', line: 2 });
  await expect(read('b'.repeat(100))).resolves.toHaveLength(1);
  await expect(read(Uint8Array.of(0x61, 0x0a, 0x0a, 0xff, 0x0a))).rejects.toMatchObject({ line: 3 });
});
