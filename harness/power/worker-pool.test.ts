import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { puts, testCase } from '../run/run-test-place.js';
import { lsmTarget } from '../targets/target.js';
import { playInMemory } from './play-in-memory.js';
import type { WorkRequest } from './work.js';
import { WorkerPool } from './worker-pool.js';

const root = mkdtempSync(join(tmpdir(), 'ninelives-worker-'));
const pools: WorkerPool[] = [];
afterAll(async () => {
  await Promise.all(pools.map((each) => each.close()));
  rmSync(root, { recursive: true, force: true });
});

const LIMIT_MS = 30_000;

test('a thread answers what the same work gives here', async () => {
  const crashCase = testCase([{ operations: puts('abcde'), end: 'power posix idle lose wal/append#5' }]);
  const answer = await pool(lsmTarget().workerPath, 1).run(
    { kind: 'play', case: crashCase, traced: false },
    LIMIT_MS,
  );
  expect(answer).toEqual(await playInMemory(crashCase));
});

test('more requests than threads wait for their turn, and the threads are used again', async () => {
  const threads = pool(script(`port.on('message', ({ seed }) => done([seed, threadId]));`), 2);
  const answers = await Promise.all([1, 2, 3, 4, 5].map((seed) => threads.run(request(seed), LIMIT_MS)));
  const [seeds, ids] = [0, 1].map((part) => answers.map((answer) => (answer as unknown as number[])[part]));
  expect(seeds).toEqual([1, 2, 3, 4, 5]);
  expect(new Set(ids).size).toBeLessThanOrEqual(2);
});

test('a request that takes too long ends with an error, and the one that waits behind it works', async () => {
  const threads = pool(script(`port.on('message', ({ seed }) => { while (seed === 0); done(seed); });`), 1);
  const spinning = threads.run(request(0), 300);
  const waiting = threads.run(request(1), LIMIT_MS);
  await expect(spinning).rejects.toThrow(expect.objectContaining({ code: 'worker-failed' }));
  await expect(spinning).rejects.toThrow('within 300 ms');
  expect(await waiting).toBe(1);
  expect(await threads.run(request(2), LIMIT_MS)).toBe(2);
});

test.each([
  ['throws', `throw new Error('out of luck');`, 'out of luck'],
  ['exits', `process.exit(7);`, 'code 7'],
  ['fails', `port.postMessage({ kind: 'failed', error: 'no such thing' });`, 'no such thing'],
])('a worker that %s fails its request and no other', async (_, code, reason) => {
  const threads = pool(
    script(`port.on('message', ({ seed }) => { if (seed === 0) { ${code} } else done(seed); });`),
    1,
  );
  const [first, second] = [threads.run(request(0), LIMIT_MS), threads.run(request(1), LIMIT_MS)];
  await expect(first).rejects.toThrow(reason);
  expect(await second).toBe(1);
});

test('a worker that breaks after its answer, when nobody listens, is replaced', async () => {
  const threads = pool(
    script(
      `port.on('message', ({ seed }) => { done(seed); setImmediate(() => { throw new Error('late'); }); });`,
    ),
    1,
  );
  expect(await threads.run(request(1), LIMIT_MS)).toBe(1);
  // Another thread starts and answers meanwhile.
  await pool(script(`port.on('message', ({ seed }) => done(seed));`), 1).run(request(1), LIMIT_MS);
  const second = threads.run(request(2), LIMIT_MS);
  expect(await second.catch(() => threads.run(request(2), LIMIT_MS))).toBe(2);
});

test('closing while busy fails what is under way and what waits, and starts nothing', async () => {
  const threads = pool(script(`port.on('message', () => { for (;;); });`), 1);
  const requests = [threads.run(request(1), LIMIT_MS), threads.run(request(2), LIMIT_MS)];
  const failures = Promise.all(
    requests.map(async (one) => {
      await expect(one).rejects.toThrow(expect.objectContaining({ code: 'worker-failed' }));
    }),
  );
  await threads.close();
  await failures;
  await expect(threads.run(request(3), LIMIT_MS)).rejects.toThrow('the end of the pool');
});

test('without a build the error says what to do', async () => {
  const path = join(root, 'nowhere.mjs');
  const missing = pool(path, 1).run(request(1), LIMIT_MS);
  await expect(missing).rejects.toThrow(expect.objectContaining({ code: 'build-missing' }));
  await expect(missing).rejects.toThrow(`${path}, found nothing; run \`npm run build\``);
});

function pool(path: string, size: number): WorkerPool {
  const threads = new WorkerPool(path, size);
  pools.push(threads);
  return threads;
}

/** A request that a script can tell from others. */
function request(seed: number): WorkRequest & { readonly seed: number } {
  return { kind: 'play', case: testCase([]), traced: false, seed };
}

let scripts = 0;

/** A worker of a few lines. */
function script(body: string): string {
  const path = join(root, `${scripts++}.mjs`);
  const head = `import { parentPort as port, threadId } from 'node:worker_threads';
const done = (result) => port.postMessage({ kind: 'done', result });
void threadId;`;
  writeFileSync(path, `${head}\n${body}\n`);
  return path;
}
