import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { encodeHeader, type WalBatch } from './record.js';
import { encodeRecord } from './record-test-encode.js';

/** The bytes of the `hex` block of a section of FORMAT.md; what follows two spaces on a line is a comment. */
function hexBlock(section: string): Buffer {
  const text = readFileSync(new URL('../FORMAT.md', import.meta.url), 'utf8');
  const [, body = ''] = text.split(new RegExp(`^## ${section}$`, 'm'));
  const block = /^```hex\n(.*?)^```$/ms.exec(body)?.[1] ?? '';
  const digits = block.split('\n').map((line) => line.split('  ')[0] ?? '');
  return Buffer.from(digits.join('').replaceAll(' ', ''), 'hex');
}

test('the example in FORMAT.md is what the code writes', () => {
  const batch: WalBatch = {
    sequence: 300,
    writes: [
      { kind: 'value', key: Buffer.from('cat'), value: Buffer.from('nine') },
      { kind: 'tombstone', key: Buffer.from('dog') },
    ],
  };
  const header = encodeHeader(7);
  expect(hexBlock('WAL')).toEqual(Buffer.concat([header, encodeRecord(7, header.length, batch)]));
});
