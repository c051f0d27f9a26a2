import { expect, test } from 'vitest';
import { dump, SMALL } from '../engine-test-workload.js';
import { Engine } from '../engine.js';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import { faultyVfs, inputOutputError } from '../vfs/faulty-test-vfs.js';
import { type Line } from './lines.js';
import { loadLines } from './load.js';
import { pairLine } from './pair-line.js';

const put = (key: string, value: string) => pairLine([Buffer.from(key), Buffer.from(value)]);

async function* linesOf(...texts: readonly string[]): AsyncGenerator<Line> {
  for (const [index, text] of texts.entries()) yield { number: index + 1, text };
}

async function openEmpty(): Promise<Engine> {
  return await Engine.open(makeTestEnvironment().environment, SMALL);
}

test('lines are written in their order, and empty ones are left out', async () => {
  const engine = await openEmpty();
  const lines = linesOf(put('a', '1'), put('b', '2'), '', put('a', '3'), '{"key":"Yg==","delete":true}', ' ');
  expect(await loadLines(engine, lines)).toEqual({ lines: 4, puts: 3, deletes: 1, error: undefined });
  expect(await dump(engine)).toEqual([['a', '3']]);
  await engine.close();
});

test('a line that is no write is named, what came before it stays, and nothing behind it is read', async () => {
  const engine = await openEmpty();
  let read = 0;
  const lines = (async function* () {
    for await (const line of linesOf(put('a', '1'), '', 'nine lives', put('b', '2'))) {
      read = line.number;
      yield line;
    }
  })();
  const outcome = await loadLines(engine, lines);
  expect(outcome).toMatchObject({ lines: 1, puts: 1, error: { code: 'malformed-line', line: 3 } });
  expect([read, await dump(engine)]).toEqual([3, [['a', '1']]]);
  await engine.close();
});

test('more lines than one batch takes are all loaded', async () => {
  const engine = await openEmpty();
  const texts = Array.from({ length: 1_201 }, (_, index) => put(`k${index}`, 'v'));
  expect(await loadLines(engine, linesOf(...texts))).toMatchObject({ lines: 1_201 });
  expect(await dump(engine)).toHaveLength(1_201);
  await engine.close();
});

test('what the engine says while it is loaded is the outcome', async () => {
  const { environment } = makeTestEnvironment();
  const vfs = faultyVfs(environment.vfs, ({ label }) => {
    if (label === 'wal/append') throw inputOutputError('ENOSPC');
  });
  const engine = await Engine.open({ ...environment, vfs }, SMALL);
  const outcome = await loadLines(engine, linesOf(put('a', '1')));
  expect(outcome).toMatchObject({ lines: 0, error: { code: 'ENGINE_IO' } });
  await engine.close();
});
