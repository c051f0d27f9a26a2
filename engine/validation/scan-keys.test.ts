import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readScanKeys } from './scan-keys.js';
import { pairLine } from './validation-test-server.js';

async function* inChunks(text: string, length: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'latin1');
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

const read = (text: string, keysMax = 100) => readScanKeys(inChunks(text, 7), keysMax);

test('keys come in the order of the lines, however the answer is cut into chunks', async () => {
  const byteText = fc
    .uint8Array({ minLength: 1, maxLength: 20 })
    .map((bytes) => Buffer.from(bytes).toString('latin1'));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(byteText, byteText)),
      fc.integer({ min: 1, max: 99 }),
      async (pairs, length) => {
        const text = pairs.map(([key, value]) => pairLine(key, value)).join('');
        const keys = pairs.map(([key]) => key);
        expect(await readScanKeys(inChunks(text, length), 100)).toEqual({ kind: 'keys', keys });
      },
    ),
  );
});

test('an empty answer has no keys, and the last line needs no line feed', async () => {
  expect(await read('')).toEqual({ kind: 'keys', keys: [] });
  expect(await read(pairLine('a', '1').trimEnd())).toEqual({ kind: 'keys', keys: ['a'] });
});

test('no more keys are read than asked for', async () => {
  async function* endless() {
    for (;;) yield Buffer.from(pairLine('a', '1'));
  }
  expect(await readScanKeys(endless(), 3)).toEqual({ kind: 'keys', keys: ['a', 'a', 'a'] });
});

test.each([
  ['text', 'hello\n'],
  ['an empty line', '\n'],
  ['null', 'null\n'],
  ['a number', '7\n'],
  ['a pair without a value', '{"key":"YQ=="}\n'],
  ['a key that is not base64', '{"key":"a b","value":""}\n'],
  ['base64 without its padding', '{"key":"YQ","value":""}\n'],
  ['a value that is no text', '{"key":"YQ==","value":1}\n'],
  ['an error', '{"error":{"code":"ENGINE_CORRUPT"}}\n'],
])('%s is no pair', async (_, line) => {
  const { kind, ...rest } = await read(pairLine('a', '1') + line);
  expect(kind).toBe('broken');
  expect(rest).toEqual({ what: `line 2 of the scan is ${JSON.stringify(line.trimEnd())}` });
});

test('a line that does not end is not read for ever', async () => {
  const part = Buffer.alloc(4 * 1024 * 1024, 'a');
  async function* endless() {
    for (;;) yield part;
  }
  expect(await readScanKeys(endless(), 3)).toEqual({
    kind: 'broken',
    what: expect.stringMatching(/^line 1 of the scan is more than \d+ bytes$/) as unknown,
  });
});
