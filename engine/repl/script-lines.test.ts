import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineText, scriptLines } from './script-lines.js';

async function linesOf(chunks: readonly Uint8Array[], bytesMax?: number): Promise<string[]> {
  const stream = (async function* () {
    await Promise.resolve();
    yield* chunks;
  })();
  const lines: string[] = [];
  for await (const line of scriptLines(stream, bytesMax)) lines.push(Buffer.from(line).toString('latin1'));
  return lines;
}

test('however a text is cut into chunks, its lines are the same', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'é'), maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(40), { maxLength: 5 }), async (text, cuts) => {
      const bytes = Buffer.from(text);
      const edges = [
        0,
        ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
        bytes.length,
      ];
      const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
      const expected = bytes.toString('latin1').split('\n');
      if (expected.at(-1) === '') expected.pop();
      expect(await linesOf(chunks)).toEqual(expected);
    }),
  );
});

test('of a line without end no more than the limit and a chunk is kept', async () => {
  let given = 0;
  const endless = (async function* () {
    await Promise.resolve();
    for (;;) {
      given++;
      yield Buffer.alloc(10, 'x');
    }
  })();
  const lines: Uint8Array[] = [];
  for await (const line of scriptLines(endless, 95)) lines.push(line);
  expect([given, lines.length, lines[0]?.length]).toEqual([10, 1, 100]);
  expect(() => lineText(lines[0] as Uint8Array, 95)).toThrow('at most 95 bytes');
});

test('a line that is not UTF-8 is refused, not mended', () => {
  expect(() => lineText(Buffer.from([0x67, 0xff]))).toThrow('Expected UTF-8');
});

test('a carriage return belongs to the end of the line', () => {
  expect(lineText(Buffer.from('get a\r'))).toBe('get a');
});
