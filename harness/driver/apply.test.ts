import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine, nodeEnvironment } from '../../engine/index.js';
import { apply } from './apply.js';
import { observe } from './observe.js';

let root: string;
let engine: Engine;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ninelives-apply-'));
  engine = await Engine.open(nodeEnvironment(join(root, 'db')), {});
});
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true, force: true });
});

test('every kind of operation is done on the engine and answers in the form of histories', async () => {
  expect(await apply(engine, { kind: 'put', key: '\xff', value: '\x00' })).toEqual({});
  expect(await apply(engine, { kind: 'get', key: '\xff' })).toEqual({ value: '\x00' });
  const writes = [
    { kind: 'put', key: 'a', value: '1' },
    { kind: 'put', key: 'b', value: '2' },
    { kind: 'delete', key: '\xff' },
  ] as const;
  expect(await apply(engine, { kind: 'batch', writes, sync: true })).toEqual({});
  expect(await apply(engine, { kind: 'get', key: '\xff' })).toEqual({ value: null });
  expect(await apply(engine, { kind: 'delete', key: 'nothing', sync: false })).toEqual({});
  for (const kind of ['sync', 'flush', 'compact'] as const) expect(await apply(engine, { kind })).toEqual({});
  expect(await apply(engine, { kind: 'scan' })).toEqual({
    pairs: [
      ['a', '1'],
      ['b', '2'],
    ],
  });
  expect(await apply(engine, { kind: 'scan', gte: 'a', lt: 'b' })).toEqual({ pairs: [['a', '1']] });
  expect(await apply(engine, { kind: 'scan', limit: 1 })).toEqual({ pairs: [['a', '1']] });
});

test('an observation reads every key and the whole, and a read that fails is part of it', async () => {
  await apply(engine, { kind: 'put', key: 'seen', value: 'yes' });
  const tooLong = 'k'.repeat(70_000);
  const observation = await observe(engine, ['missing', 'seen', tooLong], (error) => ({
    code: 'error',
    message: String(error),
  }));
  expect(observation.gets).toEqual([
    ['missing', null],
    ['seen', 'yes'],
  ]);
  expect(observation.scan).toContainEqual(['seen', 'yes']);
  expect(observation.errors).toEqual([expect.stringMatching(/^get: /)]);
});
