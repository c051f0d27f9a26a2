import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runActions, SMALL } from '../engine-test-workload.js';
import { Engine } from '../engine.js';
import { PowerLossDisk } from '../recovery/power-loss-test-vfs.js';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import { faultyVfs, TornWrite, type VfsCall } from '../vfs/faulty-test-vfs.js';
import { guardedVfs } from './guarded-vfs.js';
import type { Vfs } from '../vfs/vfs.js';
import {
  checkAll,
  contentOf,
  dumpAll,
  type Files,
  inspectAll,
  readOnly,
  recoverAll,
} from './inspect-test-database.js';
import { showTree } from './show-tree.js';
import { openView } from './view.js';

/**
 * What a crash leaves is no damage. At every call of a workload the process dies, or the power fails; then a check finds
 * no fault, a dump gives what a recovery finds, and nobody has asked the disk for more than bytes and names.
 */
class Crash extends Error {}

async function runUntil(vfs: Vfs, crashAt: number): Promise<number> {
  const { environment } = makeTestEnvironment();
  let calls = 0;
  const dying = faultyVfs(vfs, (call: VfsCall) => {
    calls++;
    if (call.index < crashAt) return;
    const crash = new Crash(`crash at ${call.label}`);
    throw call.index === crashAt && call.kind === 'append' ? new TornWrite(crash) : crash;
  });
  const engine = await Engine.open({ ...environment, vfs: dying }, SMALL).catch(() => undefined);
  if (engine === undefined) return calls;
  await runActions(engine);
  await engine.close().catch(() => undefined);
  return calls;
}

/** The files that a process leaves which dies at this call. */
async function killedAt(crashAt: number): Promise<{ readonly files: Files; readonly calls: number }> {
  const { environment, files } = makeTestEnvironment();
  return { calls: await runUntil(environment.vfs, crashAt), files };
}

/** What an inspection of the tree says that recovery deletes. */
function announced(vfs: Vfs): readonly string[] {
  const view = openView(vfs);
  const [tree] = [...showTree(view)].map((shown) => shown.json()) as [{ recovery: Record<string, string[]> }];
  return [...(tree.recovery['deletes'] ?? []), ...(tree.recovery['deletesAfterwards'] ?? [])].sort();
}

test('wherever the process dies, a check finds no fault, a dump gives what a recovery finds, the tree what it deletes', async () => {
  const { calls } = await killedAt(Infinity);
  expect(calls).toBeGreaterThan(200);
  const standings = new Set<string>();
  for (let crashAt = 0; crashAt < calls; crashAt++) {
    const { files } = await killedAt(crashAt);
    if (files.size === 0) continue;
    const vfs = readOnly(files);
    const { findings } = checkAll(vfs);
    expect(
      findings.filter(({ kind }) => kind === 'fault'),
      `after a crash at call ${crashAt}`,
    ).toEqual([]);
    for (const { what } of findings) standings.add(what.split(':')[0] ?? '');
    const recovered = await recoverAll(files);
    expect(dumpAll(vfs), `after a crash at call ${crashAt}`).toEqual(recovered.content);
    expect(announced(vfs), `after a crash at call ${crashAt}`).toEqual(recovered.deleted);
    if (crashAt % 10 === 0 && recovered.deleted.some((path) => path.startsWith('MANIFEST'))) inspectAll(vfs);
  }
  // The crashes have left something to look at.
  for (const standing of ['orphan', 'stale', 'tmp']) expect([...standings]).toContain(standing);
});

test('whatever a power loss leaves, a check finds no fault and a dump gives what a recovery finds', async () => {
  const { calls } = await killedAt(Infinity);
  let torn = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(calls - 1), fc.infiniteStream(fc.nat()), async (crashAt, numbers) => {
      const disk = new PowerLossDisk();
      await runUntil(disk.vfs, crashAt);
      const after = disk.afterPowerLoss((n) => (numbers.next().value as number) % n);
      // Before the first of its files is durable it is no database yet.
      if (after.vfs.list('wal', 'open/list').length === 0) return;
      const vfs = guardedVfs(after.vfs);
      const { findings } = checkAll(vfs);
      expect(findings.filter(({ kind }) => kind === 'fault')).toEqual([]);
      if (findings.some(({ what }) => what.startsWith('torn tail'))) torn++;
      const dumped = dumpAll(vfs);
      expect(dumped).toEqual((await contentOf(after.vfs)).content);
    }),
    { numRuns: 300 },
  );
  expect(torn).toBeGreaterThan(0);
});
