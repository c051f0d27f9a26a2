import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CrashCase } from '../workload/case.js';
import { arbitraryCase } from './case-arbitrary.js';
import { CaseError } from './case-error.js';
import { decodeToken, encodeToken, TOKEN_LENGTH_MAX } from './token.js';

const CASE: CrashCase = {
  format: 1,
  scenario: 'kill-in-compaction',
  target: 'lsm',
  options: { durability: 'os', l0TablesMax: 3, memtableEntriesMax: 5 },
  seed: 3_141_592_653,
  lives: [
    {
      operations: [
        { operation: { kind: 'put', key: 'k7', value: '0.0' } },
        { operation: { kind: 'put', key: 'k1', value: '0.1' }, overlap: true },
        { operation: { kind: 'delete', key: 'k7' }, turns: [1, 0] },
        { operation: { kind: 'flush' } },
        {
          operation: {
            kind: 'batch',
            writes: [
              { kind: 'put', key: 'k3', value: '0.4.0' },
              { kind: 'delete', key: 'k1' },
            ],
            sync: true,
          },
        },
        { operation: { kind: 'get', key: 'k3' } },
      ],
      end: 'kill after compaction/sst.write #2',
    },
    {
      operations: [
        { operation: { kind: 'put', key: 'k2', value: '1.0', sync: true } },
        { operation: { kind: 'scan', gte: 'k1', lt: 'k5' }, turns: [2] },
        { operation: { kind: 'compact' } },
        { operation: { kind: 'put', key: 'k1', value: '1.3' } },
      ],
      end: 'kill inside manifest/tmp.write #4 @17',
    },
    { operations: [], end: 'close' },
  ],
};
const CONTENT = { build: '0123456789abcdef', case: CASE };

const problem = (code: string, words: string): unknown =>
  expect.objectContaining({ name: 'CaseError', code, message: expect.stringContaining(words) as string });

test('a case is read back from its token', () => {
  fc.assert(
    fc.property(arbitraryCase(), fc.string({ minLength: 1, maxLength: 16 }), (crashCase, build) => {
      const content = { build, case: crashCase };
      const token = encodeToken(content);
      expect(token).toMatch(/^nl1_[A-Za-z0-9_-]+$/);
      expect(decodeToken(token)).toEqual(content);
    }),
  );
});

test('a typical case of ten operations fits in 300 characters', () => {
  expect(encodeToken(CONTENT).length).toBeLessThanOrEqual(300);
});

test('a token that was printed once can be read for ever', () => {
  expect(
    decodeToken(
      'nl1_2icvuaWVSw7CMAxEr4KyhiqO44buuEgWfCVkiRv47qil0Jh-ZMoBLHnGzzMDax4CRqrTvjmezpfrzcbe_bEbfv0f7HAaO_oghhCBmlAT_gibEp-Uem-0DNQUOPkCxHghTu3kmyXY-rwSVhtqjGrt2MqdhY7Bil35KYxORDfJK9SmCyCMa8jgfihkQOWdaUsVMd0Bu5BhKk8Q8uo4meUDqrEnC1UXNwdIC-3ct3cWeQI',
    ),
  ).toEqual(CONTENT);
});

test('a token that a terminal or a mail has wrapped is read', () => {
  const wrapped = encodeToken(CONTENT).replace(/.{1,60}/g, '  $&\r\n');
  expect(decodeToken(`\n${wrapped}\n`)).toEqual(CONTENT);
});

test('no change of one letter gives another case', () => {
  const token = encodeToken(CONTENT);
  // The last bits of a token belong to no byte, or to no symbol: a change of those alone changes nothing.
  const readOrRefused = (text: string) => {
    try {
      return decodeToken(text);
    } catch (error) {
      return error;
    }
  };
  let refused = 0;
  for (let index = 0; index < token.length; index += 1) {
    const letter = token[index] === 'Q' ? 'q' : 'Q';
    const answer = readOrRefused(token.slice(0, index) + letter + token.slice(index + 1));
    if (answer instanceof CaseError) refused += 1;
    else expect(answer).toEqual(CONTENT);
  }
  expect(refused).toBeGreaterThanOrEqual(token.length - 2);
});

test('a token that was cut off is called damaged', () => {
  const token = encodeToken(CONTENT);
  for (let length = 4; length < token.length; length += 1) {
    expect(() => decodeToken(token.slice(0, length))).toThrow(
      problem('not-a-case', 'Expected an undamaged token'),
    );
  }
});

test('a text that is no token is refused', () => {
  expect(() => decodeToken('corpus/lost-write.json')).toThrow(problem('not-a-case', 'starts with nl1_'));
  expect(() => decodeToken('nl1_%%%%%%%%')).toThrow(problem('not-a-case', 'copy it again'));
});

test('a token of another version is refused', () => {
  expect(() => decodeToken('nl2_AAAAAAAAAAAA')).toThrow(problem('wrong-version', 'got "nl2_AAAAAAAA"'));
});

test('a token that is too long is refused', () => {
  expect(() => decodeToken(`nl1_${'A'.repeat(TOKEN_LENGTH_MAX)}`)).toThrow(
    problem('too-large', 'use the case file'),
  );
});

test('a token that inflates without end is refused', () => {
  const bomb = Buffer.concat([Buffer.alloc(4), deflateRawSync(Buffer.alloc(5 * 1024 * 1024))]);
  expect(() => decodeToken(`nl1_${bomb.toString('base64url')}`)).toThrow(problem('too-large', 'got more'));
});

test('a case that no token can hold is not encoded', () => {
  const noise = Array.from({ length: 200_000 }, (_, index) =>
    String.fromCharCode((index * index * 31 + (index >> 3)) % 251),
  );
  const operations = [{ operation: { kind: 'put' as const, key: 'a', value: noise.join('') } }];
  const large = {
    ...CASE,
    lives: [{ operations: Array.from({ length: 30 }, () => operations[0]!), end: 'close' }],
  };
  expect(() => encodeToken({ build: 'b', case: large })).toThrow(problem('too-large', 'use the case file'));
});

test('a case that is none is not encoded', () => {
  expect(() => encodeToken({ build: 'b', case: { ...CASE, lives: [] } })).toThrow(
    problem('bad-field', 'case.lives'),
  );
});
