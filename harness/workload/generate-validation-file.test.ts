import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseValidationFile, type ValidationLine } from '../../engine/index.js';
import { stream } from '../random.js';
import { generateValidationFile } from './generate-validation-file.js';

/** Plays a line on a map and tells whether the map gives an expected answer. */
function holds(line: ValidationLine, database: Map<string, string>): boolean {
  switch (line.kind) {
    case 'put':
      database.set(line.key, line.value);
      return true;
    case 'delete':
      database.delete(line.key);
      return true;
    case 'get':
      return line.accepted.includes(database.get(line.key) ?? null);
    case 'scan': {
      const found = [...database.keys()].filter((key) => key >= line.from && key < line.to).sort();
      return JSON.stringify(found) === JSON.stringify(line.keys);
    }
  }
}

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('every answer is right in whatever order the lines of a block run', () => {
  fc.assert(
    fc.property(seeds, seeds, (seed, orderSeed) => {
      const { blocks } = parseValidationFile(generateValidationFile(seed, 600), 'generated');
      const random = stream(orderSeed);
      const database = new Map<string, string>();
      for (const block of blocks) {
        const ordered = block
          .map((line) => ({ line, rank: random.uint32() }))
          .sort((a, b) => a.rank - b.rank);
        for (const { line } of ordered) expect(holds(line, database), JSON.stringify(line)).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

test('no answer is accepted that no order of the block gives', () => {
  const { blocks } = parseValidationFile(generateValidationFile(1, 2_000), 'generated');
  const before = new Map<string, string>();
  for (const block of blocks) {
    const after = new Map(before);
    for (const line of block) if (line.kind === 'put' || line.kind === 'delete') holds(line, after);
    for (const line of block) {
      if (line.kind !== 'get') continue;
      const possible = new Set([before.get(line.key) ?? null, after.get(line.key) ?? null]);
      expect(new Set(line.accepted)).toEqual(possible);
    }
    before.clear();
    for (const [key, value] of after) before.set(key, value);
  }
});

test('a file has as many lines as asked for, and a comment', () => {
  for (const lines of [0, 1, 2, 57]) {
    expect(generateValidationFile(9, lines).trimEnd().split('\n')).toHaveLength(lines + 1);
  }
});

test('a file of 4,000 lines holds a good share of every request', () => {
  const { hasBarriers, blocks } = parseValidationFile(generateValidationFile(4, 4_000), 'generated');
  const lines = blocks.flat();
  const count = (wanted: (line: ValidationLine) => boolean) => lines.filter(wanted).length;
  expect(hasBarriers).toBe(true);
  expect(count((line) => line.kind === 'put')).toBeGreaterThan(1_000);
  expect(count((line) => line.kind === 'delete')).toBeGreaterThan(200);
  expect(count((line) => line.kind === 'scan' && line.keys.length > 0)).toBeGreaterThan(100);
  expect(count((line) => line.kind === 'get' && line.accepted.length > 1)).toBeGreaterThan(100);
  expect(count((line) => line.kind === 'get' && line.accepted[0] === null)).toBeGreaterThan(100);
  expect(new Set(lines.flatMap((line) => (line.kind === 'put' ? [line.key] : []))).size).toBeGreaterThan(250);
});

// After a change of the generator: npx vitest run -u harness/workload/generate-validation-file.test.ts
test('the file in scenarios/inputs is the one that the generator makes', async () => {
  await expect(generateValidationFile(4, 4_000)).toMatchFileSnapshot(
    '../../scenarios/inputs/validation-4000.txt',
  );
});
