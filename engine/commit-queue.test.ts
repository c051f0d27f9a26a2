import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CommitLog, CommitQueue } from './commit-queue.js';
import { Health } from './health.js';
import { inputOutputError } from './vfs/faulty-test-vfs.js';

interface Request {
  readonly id: number;
  readonly weight: number;
  readonly sync: boolean;
}

/** A log that writes groups down; syncs end when the test lets them. */
class ListLog implements CommitLog<Request> {
  readonly groups: number[][] = [];
  readonly roomMax: number;
  /** Group (counted from 0) that fails, and when. */
  fails: { readonly group: number; readonly at: 'append' | 'sync' | 'room' } | undefined;
  private filled = 0;

  constructor(roomMax: number) {
    this.roomMax = roomMax;
  }

  makeRoom(): Promise<void> | undefined {
    if (this.fails?.at === 'room' && this.groups.length === this.fails.group) throw inputOutputError();
    if (this.room() > 0) return undefined;
    return Promise.resolve().then(() => void (this.filled = 0));
  }

  room(): number {
    return this.roomMax - this.filled;
  }

  weigh(request: Request): number {
    return request.weight;
  }

  commit(requests: readonly Request[]): Promise<void> | undefined {
    const group = this.groups.length;
    const failsAt = this.fails?.group === group ? this.fails.at : undefined;
    this.groups.push(requests.map(({ id }) => id));
    if (failsAt === 'append') throw inputOutputError();
    this.filled += requests.reduce((sum, { weight }) => sum + weight, 0);
    if (!requests.some(({ sync }) => sync)) return undefined;
    return Promise.resolve().then(() => {
      if (failsAt === 'sync') throw inputOutputError();
    });
  }
}

const requests = fc
  .array(fc.record({ weight: fc.nat({ max: 4 }), sync: fc.boolean(), pauseBefore: fc.boolean() }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((drafts) => drafts.map((draft, id) => ({ ...draft, id })));

async function submitAll(
  queue: CommitQueue<Request>,
  drafts: readonly (Request & { pauseBefore: boolean })[],
) {
  const answers: { id: number; error?: unknown }[] = [];
  const all: Promise<unknown>[] = [];
  for (const draft of drafts) {
    if (draft.pauseBefore) await Promise.resolve();
    all.push(
      queue.submit(draft).then(
        () => answers.push({ id: draft.id }),
        (error: unknown) => answers.push({ id: draft.id, error }),
      ),
    );
  }
  await queue.drained();
  await Promise.all(all);
  return answers;
}

test('requests take effect and are answered in their order, in groups that fit', async () => {
  await fc.assert(
    fc.asyncProperty(requests, fc.integer({ min: 1, max: 8 }), async (drafts, roomMax) => {
      const log = new ListLog(roomMax);
      const answers = await submitAll(new CommitQueue(log, new Health(() => undefined)), drafts);
      const order = drafts.map(({ id }) => id);
      expect(log.groups.flat()).toEqual(order);
      expect(answers.map(({ id }) => id)).toEqual(order);
      expect(answers.every(({ error }) => error === undefined)).toBe(true);
      for (const group of log.groups) {
        const weight = group.reduce((sum, id) => sum + (drafts[id]?.weight ?? 0), 0);
        expect(group.length === 1 || weight <= roomMax).toBe(true);
      }
    }),
  );
});

test('after a failure nothing is acknowledged; who was in hand has an unknown outcome, who waited has none', async () => {
  await fc.assert(
    fc.asyncProperty(
      requests,
      fc.record({ group: fc.nat({ max: 6 }), at: fc.constantFrom('append' as const, 'sync' as const) }),
      async (drafts, fails) => {
        const log = new ListLog(5);
        log.fails = fails;
        const answers = await submitAll(new CommitQueue(log, new Health(() => undefined)), drafts);
        expect(answers).toHaveLength(drafts.length);
        const failed = log.groups[fails.group] ?? [];
        const hit = answers.some(({ error }) => error !== undefined);
        if (hit) expect(log.groups).toHaveLength(fails.group + 1);
        for (const { id, error } of answers) {
          const committed = log.groups.slice(0, fails.group).flat().includes(id);
          if (committed || !hit) expect(error).toBeUndefined();
          else if (failed.includes(id))
            expect(error).toMatchObject({ code: 'ENGINE_IO', outcome: 'unknown' });
          else expect(error).toMatchObject({ code: 'ENGINE_READ_ONLY', outcome: 'none' });
        }
      },
    ),
  );
});

test('where nothing has to be waited for, the write is done before submit returns', async () => {
  const log = new ListLog(5);
  const queue = new CommitQueue(log, new Health(() => undefined));
  const submitted = queue.submit({ id: 7, weight: 1, sync: false });
  expect(log.groups).toEqual([[7]]);
  await submitted;
});

test('a hundred writers that want a sync share two of them', async () => {
  const log = new ListLog(1_000);
  const queue = new CommitQueue(log, new Health(() => undefined));
  await Promise.all(Array.from({ length: 100 }, (_, id) => queue.submit({ id, weight: 1, sync: true })));
  expect(log.groups.map((group) => group.length)).toEqual([1, 99]);
});

test('when no room can be made, nothing is appended and all who wait are refused', async () => {
  const log = new ListLog(5);
  log.fails = { group: 0, at: 'room' };
  const queue = new CommitQueue(log, new Health(() => undefined));
  await expect(queue.submit({ id: 1, weight: 1, sync: false })).rejects.toMatchObject({ code: 'ENGINE_IO' });
  await expect(queue.submit({ id: 2, weight: 1, sync: false })).rejects.toMatchObject({
    code: 'ENGINE_READ_ONLY',
    outcome: 'none',
  });
  expect(log.groups).toEqual([]);
});
