import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPatchedTarget } from '../targets/patched-target.js';
import type { CrashCase, Life } from '../workload/case.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import { plant } from './power-test-plant.js';
import type { Explained } from './explain.js';
import { WorkerPool } from './worker-pool.js';

const WRITE_PATH = 'engine/write-path.ts';
const PUBLISHER = 'engine/publisher.ts';

let work: string;
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ninelives-test-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

test('where a write was shown before it was durable, the answer that showed it came too early', async () => {
  const diff = plant(
    WRITE_PATH,
    '    if (sync) await this.wal.sync();\n    this.makeVisible(requests);',
    '    this.makeVisible(requests);\n    if (sync) await this.wal.sync();',
  );
  const explained = await explainedOn('seen-early', diff, [
    {
      operations: [
        { operation: { kind: 'put', key: 'a', value: '1', sync: true }, overlap: true },
        { operation: { kind: 'get', key: 'a' }, overlap: true },
      ],
      end: 'power ext4 before wal/fsync #2 lose wal/append#1',
    },
  ]);
  expect(explained.outcome.judgement.violations.map(({ kind }) => kind)).toEqual(['flip-flop']);
  expect(explained.culprit).toMatchObject({
    lost: 'wal/append#1',
    barrier: 'wal/fsync',
    kept: 'the acknowledgement of get',
  });
});

test('where nothing came after what was lost, no order is broken', async () => {
  const diff = plant(
    PUBLISHER,
    'this.last.then(() => this.publishNow(edit, flushed))',
    'this.publishNow(edit, flushed)',
  );
  const explained = await explainedOn('publish-unqueued', diff, [
    {
      operations: [
        { operation: { kind: 'delete', key: '\xff' } },
        { operation: { kind: 'put', key: 'ab', value: '0.8' } },
        { operation: { kind: 'put', key: 'b', value: '0.9', sync: true } },
        { operation: { kind: 'batch', writes: [{ kind: 'put', key: 'a', value: '0.10.0' }] } },
        { operation: { kind: 'delete', key: 'ab' } },
      ],
      end: 'power posix idle lose wal/append#5',
    },
    { operations: [{ operation: { kind: 'put', key: '~again', value: '~1' } }], end: 'kill idle' },
    {
      operations: [
        { operation: { kind: 'put', key: '~again', value: '~2' } },
        { operation: { kind: 'flush' } },
      ],
      end: 'kill before gc/sst.unlink #2',
    },
  ]);
  expect(explained.outcome.judgement.violations.map(({ kind }) => kind)).toEqual(['does-not-open']);
  expect(explained.culprit).toBeNull();
});

async function explainedOn(id: string, diff: string, lives: readonly Life[]): Promise<Explained> {
  const target = await buildPatchedTarget(id, diff, join(work, id));
  const pool = new WorkerPool(target.workerPath, 1);
  const options = { ...TINY_OPTIONS, memtableEntriesMax: 12 };
  const crashCase: CrashCase = { format: 1, scenario: 'some', target: target.name, options, seed: 1, lives };
  try {
    return await pool.run({ kind: 'explain', case: crashCase }, 20_000);
  } finally {
    await pool.close();
  }
}
