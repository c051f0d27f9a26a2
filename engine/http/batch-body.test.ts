import { expect, test } from 'vitest';
import { parseBatch } from './batch-body.js';

const LIMITS = { operationsMax: 3, valueBytesMax: 4 };
const parse = (text: string | Uint8Array, encoding: 'base64' | 'utf8' = 'utf8') =>
  parseBatch(typeof text === 'string' ? Buffer.from(text) : text, encoding, LIMITS);

const PUT = '{"op":"put","key":"a","value":"1"}';
const DELETE = '{"op":"delete","key":"b"}';
const WRITES = [
  { kind: 'put', key: Buffer.from('a'), value: Buffer.from('1') },
  { kind: 'delete', key: Buffer.from('b') },
];

test.each([
  ['an array', `[${PUT},${DELETE}]`],
  ['an array with space', ` \n[ ${PUT} ,\n ${DELETE} ]\n`],
  ['lines', `${PUT}\n${DELETE}\n`],
  ['lines without a last line feed', `${PUT}\n${DELETE}`],
  ['lines of Windows, with empty ones', `\r\n${PUT}\r\n\r\n${DELETE}\r\n`],
])('a batch may be %s', (_name, text) => {
  expect(parse(text)).toEqual(WRITES);
});

test('keys and values are base64 unless they are said to be text', () => {
  expect(parse('{"op":"put","key":"/w==","value":""}', 'base64')).toEqual([
    { kind: 'put', key: Buffer.from([0xff]), value: Buffer.alloc(0) },
  ]);
  expect(parse('{"op":"delete","key":{"base64":"/w=="}}')).toEqual([
    { kind: 'delete', key: Buffer.from([0xff]) },
  ]);
});

test('an empty array is an empty batch', () => {
  expect(parse('[]')).toEqual([]);
});

test.each([
  ['nothing', ''],
  ['white space', ' \n '],
  ['an array that is not closed', `[${PUT}`],
  ['something behind the array', `[${PUT}]x`],
  ['a number', '1'],
  ['null', 'null'],
  ['nested arrays', `[[${PUT}]]`],
  ['very deeply nested arrays', '['.repeat(100_000)],
  ['a broken second line', `${PUT}\n{"op":`],
  ['two objects on a line', `${PUT}${DELETE}`],
  ['no op', '{"key":"a"}'],
  ['an unknown op', '{"op":"merge","key":"a"}'],
  ['no key', '{"op":"delete"}'],
  ['an empty key', '{"op":"delete","key":""}'],
  ['a key that is a number', '{"op":"delete","key":1}'],
  ['a put without a value', '{"op":"put","key":"a"}'],
  ['a put with null', '{"op":"put","key":"a","value":null}'],
  ['a delete with a value', '{"op":"delete","key":"a","value":"1"}'],
  ['a field too many', '{"op":"delete","key":"a","sync":true}'],
  ['bytes that are not UTF-8', Buffer.from([0x5b, 0xff, 0x5d])],
])('%s is refused', (_name, text) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'HTTP_BAD_BODY' }) as Error);
});

test('an error names the operation', () => {
  expect(() => parse(`${PUT}\n${PUT}\n{"op":"delete"}`)).toThrow(/the key of operation 3/);
});

test.each([
  ['a value', '{"op":"put","key":"a","value":"12345"}'],
  ['a key', `{"op":"delete","key":"${'k'.repeat(65_536)}"}`],
  ['a number of operations', `${DELETE}\n`.repeat(4)],
])('%s above its limit is too large', (_name, text) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'HTTP_TOO_LARGE' }) as Error);
});

test('what is at its limit is taken', () => {
  expect(
    parse(`{"op":"put","key":"${'k'.repeat(65_535)}","value":"1234"}\n${DELETE}\n${DELETE}`),
  ).toHaveLength(3);
});
