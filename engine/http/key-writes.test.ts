import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import { Engine, type EngineOptions } from '../index.js';
import { inputOutputError, faultyVfs, type VfsCall } from '../vfs/faulty-test-vfs.js';
import { KeyWrites } from './key-writes.js';

const bytes = (text: string) => Buffer.from(text);
const openMemory = async (
  options: Partial<EngineOptions>,
  before: (call: VfsCall) => void = () => undefined,
) => {
  const { environment } = makeTestEnvironment();
  return await Engine.open({ ...environment, vfs: faultyVfs(environment.vfs, before) }, options);
};

test('concurrent puts of one new key: exactly the first one made it', async () => {
  const writes = new KeyWrites(await openMemory({ durability: 'always' }));
  const outcomes = await Promise.all(
    ['1', '2', '3'].map((value) => writes.put(bytes('k'), bytes(value), {})),
  );
  expect(outcomes).toEqual(['created', 'replaced', 'replaced']);
});

test('whatever is in flight, puts are told what the order of submission says', async () => {
  const step = fc.record({
    kind: fc.constantFrom('put' as const, 'delete' as const, 'batch' as const, 'wait' as const),
    key: fc.constantFrom('a', 'b'),
    sync: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const engine = await openMemory({ memtableEntriesMax: 5 });
      const writes = new KeyWrites(engine);
      const there = new Set<string>();
      const answers: Promise<unknown>[] = [];
      const expected: unknown[] = [];
      for (const { kind, key, sync } of steps) {
        if (kind === 'wait') await Promise.all(answers);
        if (kind === 'put') {
          answers.push(writes.put(bytes(key), bytes('v'), { sync }));
          expected.push(there.has(key) ? 'replaced' : 'created');
          there.add(key);
        } else if (kind === 'delete') {
          answers.push(writes.write([{ kind: 'delete', key: bytes(key) }], { sync }));
          expected.push(undefined);
          there.delete(key);
        } else if (kind === 'batch') {
          const put = { kind: 'put', key: bytes('a'), value: bytes('v') } as const;
          answers.push(writes.write([put, { kind: 'delete', key: bytes('b') }], { sync }));
          expected.push(undefined);
          there.add('a').delete('b');
        }
      }
      expect(await Promise.all(answers)).toEqual(expected);
      await engine.close();
    }),
    { numRuns: 200 },
  );
});

test('a value that can no longer be read can be written over', async () => {
  let damaged = false;
  const engine = await openMemory({ blockCacheBytes: 0 }, ({ kind }) => {
    if (damaged && kind === 'read') throw inputOutputError();
  });
  await engine.put(bytes('k'), bytes('old'));
  await engine.flush();
  damaged = true;
  await expect(engine.get(bytes('k'))).rejects.toMatchObject({ code: 'ENGINE_IO' });
  expect(await new KeyWrites(engine).put(bytes('k'), bytes('new'), {})).toBe('replaced');
});

test('a write that fails is forgotten, and its error told', async () => {
  let failing = false;
  const engine = await openMemory({}, ({ kind }) => {
    if (failing && kind === 'append') throw inputOutputError();
  });
  const writes = new KeyWrites(engine);
  failing = true;
  await expect(writes.put(bytes('k'), bytes('v'), {})).rejects.toMatchObject({ code: 'ENGINE_IO' });
  await expect(writes.put(bytes('k'), bytes('v'), {})).rejects.toMatchObject({ code: 'ENGINE_READ_ONLY' });
});
