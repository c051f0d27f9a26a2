import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from './engine.js';
import { EngineError } from './errors.js';
import { nodeEnvironment } from './node-environment.js';
import {
  type Compaction,
  descriptorsBelow,
  type Fault,
  filesBelow,
  type Life,
  live,
  loseLock,
  prepareDirectory,
  reopen,
  within,
} from './step-failures-test-life.js';
import type { VfsCall } from './vfs/faulty-test-vfs.js';
import { READ_LABELS, STEP_LABELS } from './vfs/step.js';

/**
 * Every label of the closed set fails, once at a time: at its first and its last call in the life that reaches it with EIO,
 * and at one between with ENOSPC. What must hold then is what ERRORS.md says of ENGINE_IO and ENGINE_READ_ONLY.
 */
const COMPACTIONS: readonly Compaction[] = ['leveled', 'tiered'];
const LABELS: readonly VfsCall['label'][] = [...STEP_LABELS, ...READ_LABELS];
/** A read that fails changes nothing. */
const HARMLESS: readonly VfsCall['label'][] = ['get/sst.read', 'scan/sst.read'];

/** Thousands of syncs: a real file system, but one that has no disk to wait for. */
const MEMORY = '/dev/shm';

let root: string;
let sound: ReadonlyMap<Compaction, readonly VfsCall[]>;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  root = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'ninelives-steps-'));
  await prepareDirectory(join(root, 'prepared'));
  const lives = new Map<Compaction, readonly VfsCall[]>();
  for (const compaction of COMPACTIONS) {
    const { calls, writeErrors, closeError } = await live(copy('sound'), compaction);
    expect([...new Set(writeErrors), closeError]).toEqual([undefined, undefined]);
    lives.set(compaction, calls);
  }
  sound = lives;
});
afterAll(() => {
  process.off('unhandledRejection', onUnhandled);
  rmSync(root, { recursive: true, force: true });
});

test('the two lives reach every label that there is', () => {
  const reached = new Set([...sound.values()].flat().map(({ label }) => label));
  expect(LABELS.filter((label) => !reached.has(label))).toEqual([]);
});

test.each(LABELS)('%s that fails loses nothing and is told', async (label) => {
  let struck = 0;
  const { compaction, count } = lifeThatReaches(label);
  for (const { occurrence, errno } of [
    { occurrence: 0, errno: 'EIO' },
    { occurrence: count >> 1, errno: 'ENOSPC' },
    { occurrence: count - 1, errno: 'EIO' },
  ]) {
    const directory = copy('life');
    const fault: Fault = { label, occurrence, errno };
    const place = `${compaction}, ${errno} at call ${occurrence} of ${count}`;
    const life = await live(directory, compaction, fault);
    expect(life.failedAt, place).toBeGreaterThanOrEqual(0);
    if (life.failedAt >= 0) struck++;
    if (life.openError === undefined) expectTold(life, fault, place);
    else expectFailure(life.openError, life, fault, place);
    expectNothingRetried(life, place);
    expect(descriptorsBelow(directory), place).toEqual([]);
    await expectHealed(directory, compaction, life, fault, place);
  }
  expect(struck).toBe(3);
  expect(unhandled).toEqual([]);
});

/** The leveled life, or for what only a tiered one does, that; and how often the label comes in it. */
function lifeThatReaches(label: VfsCall['label']): { compaction: Compaction; count: number } {
  for (const [compaction, calls] of sound) {
    const count = calls.filter((call) => call.label === label).length;
    if (count > 0) return { compaction, count };
  }
  return expect.unreachable(`no life reaches ${label}`);
}

/** A fresh copy of the prepared directory. */
function copy(name: string): string {
  const directory = join(root, name);
  rmSync(directory, { recursive: true, force: true });
  cpSync(join(root, 'prepared'), directory, { recursive: true });
  return directory;
}

/** ENGINE_IO with all that there is to know as fields, and the platform's own error as its cause. */
function expectFailure(
  error: unknown,
  { calls, failedAt, planted }: Life,
  fault: Fault,
  place: string,
): void {
  const { label, path } = calls[failedAt] ?? expect.unreachable();
  expect(error, place).toBeInstanceOf(EngineError);
  expect(error, place).toMatchObject({ code: 'ENGINE_IO', file: path, label, errno: fault.errno });
  expect((error as EngineError).cause, place).toBe(planted);
  for (const word of [label, path, fault.errno])
    expect((error as EngineError).message, place).toContain(word);
}

function expectTold(life: Life, fault: Fault, place: string): void {
  const { allowed, closeError, content, otherErrors, refused, writeErrors } = life;
  expect(allowed, place).toContainEqual(
    refused === undefined ? [...(content as [string, string][]), ['more', '1']].sort() : content,
  );
  if (fault.label === 'close/unlock') {
    expect([...new Set(writeErrors), ...otherErrors, refused], place).toEqual([undefined, undefined]);
    expectFailure(closeError, life, fault, place);
    return;
  }
  const afterwards = life.calls.slice(life.failedAt + 1).map(({ label }) => label);
  if (HARMLESS.includes(fault.label)) {
    expect(otherErrors, place).toHaveLength(1);
    expectFailure(otherErrors[0], life, fault, place);
    expect([...new Set(writeErrors), refused, closeError], place).toEqual([undefined, undefined, undefined]);
    return;
  }
  if (refused === undefined) {
    // Only closing was left to fail.
    expectFailure(closeError, life, fault, place);
    return;
  }
  expect(refused, place).toMatchObject({
    ...{ code: 'ENGINE_READ_ONLY', outcome: 'none', label: fault.label, errno: fault.errno },
    file: life.calls[life.failedAt]?.path,
  });
  expectFailure((refused as EngineError).cause, life, fault, place);
  // Nothing is acknowledged once the first write was refused, and one at the most has an unknown outcome.
  const firstRefused = writeErrors.findIndex((error) => error !== undefined);
  for (const error of firstRefused < 0 ? [] : writeErrors.slice(firstRefused + 1)) {
    expect(error, place).toMatchObject({ code: 'ENGINE_READ_ONLY', outcome: 'none' });
  }
  for (const error of [...writeErrors, ...otherErrors, closeError].filter((each) => each !== undefined)) {
    expect(error, place).toMatchObject({ label: fault.label, errno: fault.errno });
  }
  expect(afterwards, place).not.toContain('wal/append');
}

/** What was under way may go on, as long as nobody comes to rely on it. */
function expectNothingRetried({ calls, failedAt, openError }: Life, place: string): void {
  const failed = calls[failedAt] ?? expect.unreachable();
  const before = calls.slice(0, failedAt);
  for (const call of calls.slice(failedAt + 1)) {
    const text = `${place}: afterwards ${call.label} of ${call.path}`;
    if (HARMLESS.includes(failed.label)) continue;
    expect(call.kind === 'sync' && failed.kind === 'sync' && call.path === failed.path, text).toBe(false);
    expect(call.kind, text).not.toBe('unlink');
    if (call.kind === 'rename') {
      const begun = before.some(
        ({ label, path }) => label === 'manifest/tmp.fsync' && path === `${call.path}.tmp`,
      );
      expect(begun, text).toBe(true);
    }
    if (openError !== undefined) expect(call.label, text).toBe('close/unlock');
  }
}

async function expectHealed(
  directory: string,
  compaction: Compaction,
  { allowed }: Life,
  { label }: Fault,
  place: string,
): Promise<void> {
  if (label === 'close/unlock') {
    const locked = await within(Engine.open(nodeEnvironment(directory)));
    expect(locked, place).toMatchObject({ code: 'ENGINE_LOCKED' });
    loseLock(directory);
  }
  expect(filesBelow(directory), place).not.toContain('LOCK');
  const first = await reopen(directory, compaction);
  expect(allowed, place).toContainEqual(first.content);
  expect(first.onDisk, place).toEqual(first.live);
  const second = await reopen(directory, compaction);
  expect(second.content, place).toEqual([...first.content, ['zz', 'again']]);
}
