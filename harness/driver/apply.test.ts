import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine, nodeEnvironment } from '../../engine/index.js';
import { type AppliedLife, apply } from './apply.js';
import { observe } from './observe.js';
import { settle } from './turns.js';

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

function life(pause = settle): AppliedLife {
  return { snapshots: new Map(), pause, isLocked: () => Promise.resolve(true) };
}

test('every kind of operation is done on the engine and answers in the form of histories', async () => {
  expect(await apply(engine, { kind: 'put', key: '\xff', value: '\x00' }, life())).toEqual({});
  expect(await apply(engine, { kind: 'get', key: '\xff' }, life())).toEqual({ value: '\x00' });
  const writes = [
    { kind: 'put', key: 'a', value: '1' },
    { kind: 'put', key: 'b', value: '2' },
    { kind: 'delete', key: '\xff' },
  ] as const;
  expect(await apply(engine, { kind: 'batch', writes, sync: true }, life())).toEqual({});
  expect(await apply(engine, { kind: 'get', key: '\xff' }, life())).toEqual({ value: null });
  expect(await apply(engine, { kind: 'delete', key: 'nothing', sync: false }, life())).toEqual({});
  for (const kind of ['sync', 'flush', 'compact'] as const)
    expect(await apply(engine, { kind }, life())).toEqual({});
  expect(await apply(engine, { kind: 'scan' }, life())).toEqual({
    pairs: [
      ['a', '1'],
      ['b', '2'],
    ],
  });
  expect(await apply(engine, { kind: 'scan', gte: 'a', lt: 'b' }, life())).toEqual({ pairs: [['a', '1']] });
  expect(await apply(engine, { kind: 'scan', limit: 1 }, life())).toEqual({ pairs: [['a', '1']] });
  const reverse = { kind: 'scan', gt: 'a', lte: 'b', reverse: true } as const;
  expect(await apply(engine, reverse, life())).toEqual({ pairs: [['b', '2']] });
  const many = { kind: 'get-many', keys: ['b', 'missing'] } as const;
  expect(await apply(engine, many, life())).toEqual({ values: ['2', null] });
  expect(await apply(engine, { kind: 'compact', gte: 'a', lt: 'b' }, life())).toEqual({});
  expect(await apply(engine, { kind: 'open-again' }, life())).toEqual({ locked: true });
});

test('a read goes through the snapshot that has its number, and is as of now once that was released', async () => {
  const here = life();
  await apply(engine, { kind: 'put', key: 'n', value: 'old' }, here);
  await apply(engine, { kind: 'snapshot', snapshot: 1 }, here);
  await apply(engine, { kind: 'put', key: 'n', value: 'new' }, here);
  await apply(engine, { kind: 'compact' }, here);
  const through = { kind: 'get', key: 'n', snapshot: 1 } as const;
  expect(await apply(engine, through, here)).toEqual({ value: 'old' });
  expect(await apply(engine, { kind: 'get', key: 'n' }, here)).toEqual({ value: 'new' });
  await apply(engine, { kind: 'release', snapshot: 1 }, here);
  expect(await apply(engine, through, here)).toEqual({ value: 'new' });
});

test('writes, a flush and a compaction can go by between two pairs of a scan, and it does not see them', async () => {
  for (const key of ['s1', 's2', 's3']) {
    await apply(engine, { kind: 'put', key, value: `${key} before` }, life());
  }
  let pauses = 0;
  const pause = async (): Promise<void> => {
    if (pauses++ > 0) return;
    await apply(engine, { kind: 'put', key: 's2', value: 's2 after' }, life());
    await apply(engine, { kind: 'delete', key: 's3' }, life());
    await apply(engine, { kind: 'compact' }, life());
  };
  expect(await apply(engine, { kind: 'scan', gte: 's', lt: 't' }, life(pause))).toEqual({
    pairs: ['s1', 's2', 's3'].map((key) => [key, `${key} before`]),
  });
  expect(pauses).toBe(3);
});

test('an observation reads every key and the whole, and a read that fails is part of it', async () => {
  await apply(engine, { kind: 'put', key: 'seen', value: 'yes' }, life());
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
