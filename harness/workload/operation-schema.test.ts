import { expect, test } from 'vitest';
import * as v from 'valibot';
import { operationSchema } from './operation-schema.js';

const accepts = (value: unknown) => v.is(operationSchema, value);

test.each([
  { kind: 'put', key: 'a', value: '' },
  { kind: 'put', key: '\u00ff\u0000', value: '\u0080', sync: true },
  { kind: 'delete', key: 'a', sync: false },
  { kind: 'batch', writes: [] },
  {
    kind: 'batch',
    writes: [
      { kind: 'put', key: 'a', value: '1' },
      { kind: 'delete', key: 'b' },
    ],
    sync: true,
  },
  { kind: 'get', key: 'k'.repeat(65_535) },
  { kind: 'scan' },
  { kind: 'scan', gte: '', lt: 'b', limit: 0 },
  { kind: 'scan', gt: 'a', lte: 'b', reverse: true, limit: 2, snapshot: 0 },
  { kind: 'get', key: 'a', snapshot: 3 },
  { kind: 'get-many', keys: ['a', 'b'], snapshot: 1 },
  { kind: 'snapshot', snapshot: 0 },
  { kind: 'release', snapshot: 0 },
  { kind: 'sync' },
  { kind: 'flush' },
  { kind: 'compact' },
  { kind: 'compact', gte: 'a', lt: 'b' },
  { kind: 'open-again' },
])('accepts %j', (operation) => {
  expect(v.parse(operationSchema, operation)).toEqual(operation);
});

test.each([
  null,
  'put',
  {},
  { kind: 'merge', key: 'a' },
  { kind: 'put', key: 'a' },
  { kind: 'put', key: '', value: '1' },
  { kind: 'put', key: 'a', value: '\u0100' },
  { kind: 'put', key: 'a', value: 1 },
  { kind: 'put', key: 'a', value: '1', ttl: 5 },
  { kind: 'get', key: 'a', sync: true },
  { kind: 'delete', key: 'a', sync: 'yes' },
  { kind: 'batch', writes: [{ kind: 'get', key: 'a' }] },
  { kind: 'batch', writes: [{ kind: 'delete', key: 'a', sync: true }] },
  { kind: 'scan', limit: -1 },
  { kind: 'scan', limit: 1.5 },
  { kind: 'scan', gte: null },
  { kind: 'scan', reverse: 1 },
  { kind: 'snapshot' },
  { kind: 'release', snapshot: -1 },
  { kind: 'get-many', keys: [''] },
  { kind: 'put', key: 'a', value: '1', snapshot: 0 },
  { kind: 'compact', lte: 'b' },
])('refuses %j', (value) => {
  expect(accepts(value)).toBe(false);
});

test('refuses a key of 65,536 bytes', () => {
  expect(accepts({ kind: 'get', key: 'k'.repeat(65_536) })).toBe(false);
});

test('gives the fields in one order', () => {
  const operation = v.parse(operationSchema, { sync: true, value: '1', key: 'a', kind: 'put' });
  expect(JSON.stringify(operation)).toBe('{"kind":"put","key":"a","value":"1","sync":true}');
});
