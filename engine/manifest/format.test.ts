import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { encodeManifest } from './encode.js';

/** The bytes of the `hex` block of a section of FORMAT.md; what follows two spaces on a line is a comment. */
function hexBlock(section: string): Buffer {
  const text = readFileSync(new URL('../FORMAT.md', import.meta.url), 'utf8');
  const [, body = ''] = text.split(new RegExp(`^## ${section}$`, 'm'));
  const block = /^```hex\n(.*?)^```$/ms.exec(body)?.[1] ?? '';
  const digits = block.split('\n').map((line) => line.split('  ')[0] ?? '');
  return Buffer.from(digits.join('').replaceAll(' ', ''), 'hex');
}

test('the example in FORMAT.md is what the code writes', () => {
  const manifest = encodeManifest(9, {
    nextNumber: 10,
    flushedSequence: 301,
    walNumbers: [8],
    levels: [
      [],
      [
        {
          number: 7,
          level: 1,
          run: 0,
          keys: 2,
          bytes: 112,
          entries: 2,
          tombstones: 1,
          sequenceMin: 300,
          sequenceMax: 301,
          smallest: Buffer.from('cat'),
          largest: Buffer.from('cow'),
        },
      ],
    ],
  });
  expect(hexBlock('MANIFEST')).toEqual(Buffer.from(manifest));
});
