import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Engine, type EngineOptions, nodeEnvironment } from './index.js';

/** The engine on a real directory, against a sorted Map, with limits so small that every operation moves files. */

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ninelives-engine-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const SMALL: Partial<EngineOptions> = {
  memtableEntriesMax: 5,
  tableEntriesMax: 3,
  blockBytes: 64,
  l0TablesMax: 3,
  l1TablesMax: 2,
  levelRatio: 2,
  l0TablesStall: 8,
};

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString('latin1');

async function dump(engine: Engine, options = {}): Promise<[string, string][]> {
  const pairs: [string, string][] = [];
  for await (const [key, value] of engine.scan(options)) pairs.push([text(key) ?? '', text(value) ?? '']);
  return pairs;
}

type Step =
  | { kind: 'put'; key: string; value: string; sync: boolean }
  | { kind: 'delete'; key: string }
  | { kind: 'batch'; writes: { key: string; value: string | null }[] }
  | { kind: 'flush' | 'compact' | 'sync' | 'reopen' | 'settle' };

const key = fc.constantFrom('a', 'b', 'ba', 'c', '\x00', '\xff', 'ab', 'abc');
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('put' as const),
        key,
        value: fc.string(),
        sync: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('batch' as const),
        writes: fc.array(fc.record({ key, value: fc.option(fc.string()) }), { maxLength: 6 }),
      }),
    },
    fc.record({
      kind: fc.constantFrom(
        'flush' as const,
        'compact' as const,
        'sync' as const,
        'reopen' as const,
        'settle' as const,
      ),
    }),
  ),
  { maxLength: 60 },
);

describe('the engine', () => {
  test('behaves like a sorted map through flush, compaction and reopening', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script: Step[]) => {
        const path = mkdtempSync(join(directory, 'case-'));
        const model = new Map<string, string>();
        let engine = await Engine.open(nodeEnvironment(path), SMALL);
        for (const step of script) {
          switch (step.kind) {
            case 'put':
              await engine.put(bytes(step.key), bytes(step.value), { sync: step.sync });
              model.set(step.key, text(bytes(step.value)) ?? '');
              break;
            case 'delete':
              await engine.delete(bytes(step.key));
              model.delete(step.key);
              break;
            case 'batch':
              await engine.write(
                step.writes.map(({ key, value }) =>
                  value === null
                    ? { kind: 'delete', key: bytes(key) }
                    : { kind: 'put', key: bytes(key), value: bytes(value) },
                ),
              );
              for (const { key, value } of step.writes) {
                if (value === null) model.delete(key);
                else model.set(key, text(bytes(value)) ?? '');
              }
              break;
            case 'flush':
              await engine.flush();
              break;
            case 'compact':
              await engine.compact();
              break;
            case 'sync':
              await engine.sync();
              break;
            case 'settle':
              await engine.settled();
              break;
            case 'reopen':
              await engine.close();
              engine = await Engine.open(nodeEnvironment(path), SMALL);
              break;
          }
        }
        const expected = [...model].sort(([left], [right]) => Buffer.compare(bytes(left), bytes(right)));
        expect(await dump(engine)).toEqual(expected);
        for (const [name, value] of model) expect(text(await engine.get(bytes(name)))).toBe(value);
        expect(await dump(engine, { gte: bytes('ab'), lt: bytes('b') })).toEqual(
          expected.filter(([name]) => name >= 'ab' && name < 'b'),
        );
        await engine.close();
      }),
      { numRuns: 60 },
    );
  });

  test('a snapshot keeps its view through compaction', async () => {
    const engine = await Engine.open(nodeEnvironment(directory), SMALL);
    await engine.put(bytes('a'), bytes('1'));
    const snapshot = engine.snapshot();
    await engine.put(bytes('a'), bytes('2'));
    await engine.compact();
    expect(text(await engine.get(bytes('a'), { snapshot }))).toBe('1');
    snapshot.release();
    await engine.put(bytes('b'), bytes('1'));
    await engine.compact();
    expect(text(await engine.get(bytes('a')))).toBe('2');
    await engine.close();
  });

  test('a scan sees the moment at which it began, and its tables are freed when it ends', async () => {
    const engine = await Engine.open(nodeEnvironment(directory), SMALL);
    for (let index = 0; index < 20; index++) await engine.put(bytes(`k${index + 10}`), bytes('old'));
    const scan = engine.scan();
    await scan.next();
    for (let index = 0; index < 20; index++) await engine.put(bytes(`k${index + 10}`), bytes('new'));
    await engine.compact();
    const rest: (string | undefined)[] = [];
    for await (const [, value] of scan) rest.push(text(value));
    expect(rest).toEqual(Array.from({ length: 19 }, () => 'old'));
    await engine.settled();
    expect(engine.files().obsolete).toEqual([]);
    await engine.close();
  });

  test('a second opener is told that the database is locked', async () => {
    const engine = await Engine.open(nodeEnvironment(directory), SMALL);
    await expect(Engine.open(nodeEnvironment(directory), SMALL)).rejects.toMatchObject({
      code: 'ENGINE_LOCKED',
    });
    await engine.close();
    const again = await Engine.open(nodeEnvironment(directory), SMALL);
    await again.close();
  });

  test('concurrent writers all get their answer', async () => {
    const engine = await Engine.open(nodeEnvironment(directory), { ...SMALL, durability: 'always' });
    await Promise.all(Array.from({ length: 200 }, (_, index) => engine.put(bytes(`k${index}`), bytes('v'))));
    expect(await dump(engine)).toHaveLength(200);
    await engine.close();
    await expect(engine.get(bytes('k'))).rejects.toMatchObject({ code: 'ENGINE_CLOSED' });
  });
});
