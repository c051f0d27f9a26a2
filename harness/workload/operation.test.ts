import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteText, operationText, writesOf, type Operation } from './operation.js';

test('the writes of an operation come in the order in which they take effect', () => {
  const put = { kind: 'put', key: 'a', value: '1' } as const;
  const remove = { kind: 'delete', key: 'a' } as const;
  expect(writesOf({ kind: 'batch', writes: [put, remove] })).toEqual([put, remove]);
  expect([writesOf(put), writesOf(remove)]).toEqual([[put], [remove]]);
});

test('what only reads or maintains writes nothing', () => {
  const kinds = ['scan', 'sync', 'flush', 'compact'] as const;
  for (const kind of kinds) expect(writesOf({ kind })).toEqual([]);
  expect(writesOf({ kind: 'get', key: 'a' })).toEqual([]);
});

test.each<[Operation, string]>([
  [{ kind: 'put', key: 'a', value: '0.3' }, 'put "a" = "0.3"'],
  [{ kind: 'delete', key: 'a', sync: true }, 'delete "a" (sync)'],
  [{ kind: 'batch', writes: [{ kind: 'delete', key: 'a' }], sync: false }, 'batch [delete "a"]'],
  [{ kind: 'get', key: '\xff' }, 'get "\\u00ff"'],
  [{ kind: 'scan' }, 'scan start to end'],
  [{ kind: 'scan', gte: 'a', lt: 'b', limit: 0 }, 'scan "a" to "b" limit 0'],
  [
    { kind: 'scan', gt: 'a', lte: 'b', reverse: true, snapshot: 1 },
    'scan after "a" to "b" included in reverse through #1',
  ],
  [{ kind: 'get-many', keys: ['a', 'b'] }, 'get-many ["a", "b"]'],
  [{ kind: 'get', key: 'a', snapshot: 0 }, 'get "a" through #0'],
  [{ kind: 'snapshot', snapshot: 0 }, 'snapshot #0'],
  [{ kind: 'release', snapshot: 0 }, 'release #0'],
  [{ kind: 'compact' }, 'compact'],
  [{ kind: 'compact', gte: 'a' }, 'compact "a" to end'],
])('%j reads as one line', (operation, line) => {
  expect(operationText(operation)).toBe(line);
});

test('byte text is printed in visible ASCII on one line, and reads back if it was not cut', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      const shown = byteText(text);
      expect(shown.replace('…', '')).toMatch(/^[\x20-\x7e]*$/);
      if (text.length <= 40) expect(JSON.parse(shown)).toBe(text);
      else expect(shown).toContain(`(${text.length} bytes)`);
    }),
  );
});
