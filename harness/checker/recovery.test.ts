import { expect, test } from 'vitest';
import type { Observation } from '../history/event.js';
import { sameRecovery } from './recovery.js';

const files = { onDisk: ['000001.log'], live: ['000001.log'], pending: [], obsolete: [] };
const seen: Observation = {
  gets: [
    ['a', '1'],
    ['b', null],
  ],
  scan: [
    ['a', '1'],
    ['c', '3'],
  ],
  errors: [],
  files,
};

test('two recoveries that read the same are the same, whatever their files are called', () => {
  const other = { ...files, onDisk: ['000007.log'], live: ['000007.log'] };
  expect(sameRecovery(seen, { ...seen, files: other })).toBeUndefined();
});

test.each<[string, Partial<Observation>]>([
  [
    'For "b" a get found nothing the first time and "2" the second time.',
    {
      gets: [
        ['a', '1'],
        ['b', '2'],
      ],
    },
  ],
  ['For "c" the scan found "3" the first time and nothing the second time.', { scan: [['a', '1']] }],
  [
    'Reads failed differently: the first time none, the second time "get a: EIO".',
    { errors: ['get a: EIO'] },
  ],
  [
    'The scan gave the same pairs in another order or number the second time.',
    {
      scan: [
        ['c', '3'],
        ['a', '1'],
      ],
    },
  ],
])('%s', (sentence, change) => {
  expect(sameRecovery(seen, { ...seen, ...change })).toBe(sentence);
});
