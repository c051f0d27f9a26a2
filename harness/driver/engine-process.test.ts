import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { gone, puts } from '../run/run-test-place.js';
import { lsmTarget, PACKAGE_ROOT } from '../targets/target.js';
import { EngineProcess } from './engine-process.js';
import type { Answer, Request } from './protocol.js';

const { childPath } = lsmTarget();
const root = mkdtempSync(join(tmpdir(), 'ninelives-process-'));
let directories = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a planned kill is a SIGKILL that the child sends to itself', async () => {
  const child = new EngineProcess(childPath);
  child.send([open('kill after wal/append #2'), ...operations('abc'), { kind: 'end', close: false }]);
  const answers = await answersOf(child);
  expect(await child.death).toEqual({ kind: 'killed', by: 'itself' });
  expect(answers.at(-1)).toMatchObject({ kind: 'killing', steps: { 'wal/append': 2 } });
  // The second write is done, and was not acknowledged.
  expect(answers.filter(({ kind }) => kind === 'ok')).toEqual([{ kind: 'ok', index: 0, result: {} }]);
});

test('a kill by the parent is told apart from one by the child', async () => {
  const child = new EngineProcess(childPath);
  await child.ready;
  child.kill();
  expect(await child.death).toEqual({ kind: 'killed', by: 'parent' });
});

test('a SIGKILL from outside is foreign', async () => {
  const child = new EngineProcess(childPath);
  await child.ready;
  process.kill(child.pid ?? 0, 'SIGKILL');
  expect(await child.death).toEqual({ kind: 'signal', signal: 'SIGKILL', foreign: true });
  expect(await child.next()).toBeUndefined();
});

test('a SIGKILL to itself that was not announced is foreign', async () => {
  const child = new EngineProcess(script(`process.kill(process.pid, 'SIGKILL')`));
  expect(await child.death).toEqual({ kind: 'signal', signal: 'SIGKILL', foreign: true });
});

test('any other signal is foreign, and named', async () => {
  const child = new EngineProcess(childPath);
  await child.ready;
  process.kill(child.pid ?? 0, 'SIGTERM');
  expect(await child.death).toEqual({ kind: 'signal', signal: 'SIGTERM', foreign: true });
});

test('a child that exits by itself says with which code, and what it wrote to standard error', async () => {
  const child = new EngineProcess(script(`console.error('out of luck'); process.exitCode = 7;`));
  expect(await child.death).toEqual({ kind: 'exit', code: 7, stderr: 'out of luck\n' });
});

test('no answer that left the process before it died is missed', async () => {
  const child = new EngineProcess(
    script(`for (let index = 0; index < 20_000; index++)
      writeSync(1, JSON.stringify({ kind: 'invoke', index }) + '\\n');
    process.kill(process.pid, 'SIGKILL');`),
  );
  await child.death;
  const answers = await answersOf(child);
  expect(answers).toHaveLength(20_000);
  expect(answers.at(-1)).toEqual({ kind: 'invoke', index: 19_999 });
});

test('half a line at death is no answer', async () => {
  const child = new EngineProcess(
    script(
      `writeSync(1, '{"kind":"opened"}\\n{"kind":"ok","index":0,"res'); process.kill(process.pid, 'SIGKILL');`,
    ),
  );
  expect(await answersOf(child)).toEqual([{ kind: 'opened' }]);
});

test('letters of several bytes that arrive in two parts stay whole', async () => {
  const child = new EngineProcess(
    script(`const bytes = Buffer.from('{"kind":"create","path":"\\u00e9"}\\n');
    writeSync(1, bytes.subarray(0, 26));
    setTimeout(() => writeSync(1, bytes.subarray(26)), 50);`),
  );
  expect(await answersOf(child)).toEqual([{ kind: 'create', path: '\u00e9' }]);
});

test('a line that is no answer is an error that shows it, after the answers before it, and ends the child', async () => {
  // A log line on standard output once took down the whole harness with a SyntaxError of JSON.parse.
  const child = new EngineProcess(
    script(`writeSync(1, '{"kind":"opened"}\\nlevel=info compacting\\n'); setInterval(() => {}, 1_000);`),
  );
  expect(await child.next()).toEqual({ kind: 'opened' });
  await expect(child.next()).rejects.toThrow(
    expect.objectContaining({
      code: 'protocol',
      message: expect.stringContaining('got "level=info compacting"') as string,
    }),
  );
  expect(await child.death).toEqual({ kind: 'killed', by: 'parent' });
});

test('NODE_OPTIONS of the parent do not reach the child', async () => {
  const before = process.env['NODE_OPTIONS'];
  process.env['NODE_OPTIONS'] = '--require /does/not/exist.cjs';
  try {
    const child = new EngineProcess(childPath);
    await child.ready;
    child.kill();
    expect(await child.death).toEqual({ kind: 'killed', by: 'parent' });
  } finally {
    if (before === undefined) delete process.env['NODE_OPTIONS'];
    else process.env['NODE_OPTIONS'] = before;
  }
});

test('requests to a dead child are dropped', async () => {
  const child = new EngineProcess(childPath);
  child.kill();
  await child.death;
  child.send([open('close')]);
  expect(await child.next()).toBeUndefined();
});

test('a program that does not exist is a child that exits, and says why', async () => {
  const child = new EngineProcess(join(root, 'nothing-here.mjs'));
  expect(await child.death).toMatchObject({
    kind: 'exit',
    code: 1,
    stderr: expect.stringContaining('Cannot find module') as string,
  });
});

test.each([
  ['waits for requests', [], 'ready'],
  ['is idle with an open engine', [open('kill idle'), { kind: 'end', close: false }], 'drained'],
  ['is in the middle of a long program', [open('kill idle'), ...manyPuts()], 'ok'],
  [
    'is in the middle of a long program in real time',
    [{ ...open('kill at 3600000ms'), mode: 'real-time' }, ...manyPuts()],
    'ok',
  ],
] satisfies [string, Request[], Answer['kind']][])(
  'a child whose parent is killed while it %s exits by itself',
  async (_, requests, awaited) => {
    const parent = spawn(process.execPath, [parentScript(requests, awaited)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (text: Buffer) => resolve(Number(text.toString()))),
    );
    parent.kill('SIGKILL');
    await gone(pid);
    expect(pid).toBeGreaterThan(1);
  },
);

async function answersOf(child: EngineProcess): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (;;) {
    const answer = await child.next();
    if (answer === undefined) return answers;
    answers.push(answer);
  }
}

function open(end: string): Extract<Request, { kind: 'open' }> {
  const directory = join(root, `db-${directories++}`);
  return { kind: 'open', directory, options: {}, seed: 1, mode: 'exact', completions: [], end };
}

function operations(keys: string): readonly Request[] {
  return puts(keys).map(({ operation }, index) => ({
    kind: 'operation',
    index,
    operation,
    overlap: false,
    turns: [],
  }));
}

function manyPuts(): readonly Request[] {
  return operations('abcdefghij'.repeat(5_000));
}

/** A program of a few lines that is run as if it were an engine child. */
function script(body: string): string {
  const path = join(root, `script-${directories++}.mjs`);
  writeFileSync(path, `import { writeSync } from 'node:fs';\n${body}\n`);
  return path;
}

/** A harness in small: starts a child, gives it work, and prints the child's pid when it has seen an answer. */
function parentScript(requests: readonly Request[], awaited: string): string {
  const built = pathToFileURL(join(PACKAGE_ROOT, 'dist', 'harness', 'driver', 'engine-process.js')).href;
  return script(`import { EngineProcess } from ${JSON.stringify(built)};
    const child = new EngineProcess(${JSON.stringify(childPath)});
    child.send(${JSON.stringify(requests)});
    if (${JSON.stringify(awaited)} === 'ready') await child.ready;
    else while ((await child.next())?.kind !== ${JSON.stringify(awaited)});
    writeSync(1, String(child.pid));
    setInterval(() => {}, 1_000);`);
}
