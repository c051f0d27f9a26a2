import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineProcess } from '../driver/engine-process.js';
import { ProcessPool } from '../driver/process-pool.js';
import type { HistoryEvent } from '../history/event.js';
import { WorkerPool } from '../power/worker-pool.js';
import { runCase } from '../run/run-case.js';
import type { CrashCase } from '../workload/case.js';
import { buildPatchedTarget } from './patched-target.js';
import { lsmTarget, type Target } from './target.js';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ninelives-patched-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** One byte less for keys: nothing that a case notices, but another program. */
const HARMLESS = `--- a/engine/options.ts
+++ b/engine/options.ts
@@ -1,1 +1,1 @@
-export const KEY_BYTES_MAX = 65_535;
+export const KEY_BYTES_MAX = 65_534;
`;

const CASE: CrashCase = {
  format: 1,
  scenario: 'by-hand',
  target: 'lsm',
  options: { memtableEntriesMax: 2, tableEntriesMax: 2, l0TablesMax: 2, blockBytes: 64 },
  seed: 7,
  lives: [
    {
      operations: ['a', 'b', 'c', 'd', 'e'].map((key) => ({
        operation: { kind: 'put', key, value: `${key}1` },
        turns: [0],
      })),
      end: 'kill before manifest/rename #3',
    },
  ],
};

test('the patched child starts and takes requests', async () => {
  const target = await buildPatchedTarget('harmless', HARMLESS, join(root, 'harmless'));
  expect(target.name).toBe('lsm+harmless');
  const child = new EngineProcess(target.childPath);
  // Also resolves if the child dies, but then it was not killed by its parent.
  await child.ready;
  child.kill();
  expect(await child.death).toEqual({ kind: 'killed', by: 'parent' });
});

test('the same diff gives the same build, another diff another one', async () => {
  const [first, again, sound] = await Promise.all([
    buildPatchedTarget('harmless', HARMLESS, join(root, 'first')),
    buildPatchedTarget('harmless', HARMLESS, join(root, 'again')),
    buildPatchedTarget('sound', '', join(root, 'sound')),
  ]);
  expect(again.build).toBe(first.build);
  expect(sound.build).not.toBe(first.build);
});

test('without a patch the child behaves as dist/child.mjs does, step for step', async () => {
  const target = await buildPatchedTarget('sound', '', join(root, 'unpatched'));
  const history = await historyOf(target);
  expect(history).toEqual(await historyOf(lsmTarget()));
  expect(history).toContainEqual(expect.objectContaining({ kind: 'crash', fired: true }));
});

test('a patch that no longer applies is an error that names the hunk, and leaves no child', async () => {
  const outdated = HARMLESS.replace('-export const KEY_BYTES_MAX = 65_535;', '-const KEY_BYTES_MAX = 1;');
  const work = join(root, 'outdated');
  await buildPatchedTarget('harmless', HARMLESS, work);
  await expect(buildPatchedTarget('outdated', outdated, work)).rejects.toThrow(
    /^Hunk 1 of 1 .* does not apply to engine\/options\.ts: .*; regenerate the patch\.$/,
  );
  expect(existsSync(join(work, 'child.mjs'))).toBe(false);
});

test('a patched engine that is no program is an error that names the bug', async () => {
  const broken = HARMLESS.replace('= 65_534;', '= (;');
  await expect(buildPatchedTarget('broken', broken, join(root, 'broken'))).rejects.toThrow(
    expect.objectContaining({ code: 'does-not-build', file: 'broken' }),
  );
});

async function historyOf(target: Target): Promise<readonly HistoryEvent[]> {
  const pool = new ProcessPool(target, 1);
  const threads = new WorkerPool(target.workerPath, 1);
  const place = { root, next: () => 1, lifeLimitMs: 30_000, keepDirectories: false };
  try {
    return (await runCase(CASE, { ...place, pool, threads })).history;
  } finally {
    await Promise.all([pool.close(), threads.close()]);
  }
}
