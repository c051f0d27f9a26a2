import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryCase } from '../run/case-arbitrary.js';
import { testCase } from '../run/run-test-place.js';
import { keysOf, operationCount } from './case-facts.js';
import { writesOf } from './operation.js';

test('keys are those that a case writes or reads by name, each once, sorted by bytes', () => {
  const crashCase = testCase([
    {
      operations: [
        { operation: { kind: 'put', key: 'b', value: '1' } },
        { operation: { kind: 'get', key: '\xff' } },
        { operation: { kind: 'scan', gte: 'x', lt: 'y' } },
      ],
      end: 'close',
    },
    {
      operations: [
        { operation: { kind: 'delete', key: 'ab' } },
        { operation: { kind: 'batch', writes: [{ kind: 'delete', key: 'b' }] } },
      ],
      end: 'kill idle',
    },
  ]);
  expect(keysOf(crashCase)).toEqual(['ab', 'b', '\xff']);
  expect(operationCount(crashCase)).toBe(5);
});

test('the order of keys is the order of their bytes', () => {
  fc.assert(
    fc.property(arbitraryCase(), (crashCase) => {
      const keys = keysOf(crashCase);
      const sorted = [...keys].sort((left, right) =>
        Buffer.compare(Buffer.from(left, 'latin1'), Buffer.from(right, 'latin1')),
      );
      expect(keys).toEqual(sorted);
      const written = crashCase.lives.flatMap((life) =>
        life.operations.flatMap(({ operation }) => writesOf(operation).map(({ key }) => key)),
      );
      expect(keys).toEqual(expect.arrayContaining(written));
    }),
  );
});
