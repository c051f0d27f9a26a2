import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { gone, isRunning } from '../run/run-test-place.js';
import { lsmTarget } from '../targets/target.js';
import type { EngineProcess } from './engine-process.js';
import { ProcessPool } from './process-pool.js';

const pools: ProcessPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

test('children are started ahead: one is taken, the spares are on their way', () => {
  const pool = poolOf(2);
  pool.take();
  expect(pool.spawned).toBe(3);
  pool.take();
  expect(pool.spawned).toBe(4);
});

test('a child that was given back is the next one taken', () => {
  const pool = poolOf(1);
  const child = pool.take();
  pool.giveBack(child);
  expect(pool.take()).toBe(child);
  expect(pool.spawned).toBe(2);
});

test('a spare that dies is not handed out', async () => {
  const pool = poolOf(1);
  const first = pool.take();
  const spare = pool.take();
  pool.giveBack(spare);
  process.kill(pidOf(spare), 'SIGKILL');
  await spare.death;
  await new Promise((resolve) => setImmediate(resolve));
  const next = pool.take();
  expect([first, spare]).not.toContain(next);
  await next.ready;
  expect(isRunning(pidOf(next))).toBe(true);
});

test('closing leaves no process, taken, spare or given back, and lets none be taken', async () => {
  const pool = poolOf(3);
  const taken = pool.take();
  const returned = pool.take();
  pool.giveBack(returned);
  await pool.close();
  expect([taken, returned].map(pidOf).filter(isRunning)).toEqual([]);
  expect(childrenOfThisProcess()).toEqual([]);
  expect(() => pool.take()).toThrow('Expected an open pool');
});

test('a child that is given back to a closed pool is ended', async () => {
  const pool = poolOf(0);
  const child = pool.take();
  const closing = pool.close();
  pool.giveBack(child);
  await closing;
  await gone(pidOf(child));
  expect(await child.death).toEqual({ kind: 'killed', by: 'parent' });
});

/** Pids of running children, from /proc. */
function childrenOfThisProcess(): readonly number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  return children.trim().split(' ').map(Number).filter(isRunning);
}

function poolOf(spares: number): ProcessPool {
  const pool = new ProcessPool(lsmTarget(), spares);
  pools.push(pool);
  return pool;
}

function pidOf(child: EngineProcess): number {
  if (child.pid === undefined) throw new Error('Expected a child with a pid.');
  return child.pid;
}
