import { execa } from 'execa';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { COMMAND, CommandPlace } from '../cli-test-run.js';

let place: CommandPlace;
beforeEach(() => {
  place = new CommandPlace();
});
afterEach(() => {
  place.remove();
});

/** Pipes a script into a REPL in a process of its own. */
function repl(input: string | Uint8Array, ...words: readonly string[]) {
  const options = { cwd: place.directory, reject: false, env: { NO_COLOR: '1' }, input } as const;
  return execa(process.execPath, [COMMAND, 'kv', 'repl', 'cats', ...words], options);
}

test('what one script wrote the next one finds, and the output holds nothing but answers', async () => {
  expect(await repl('put cat nine\nfill 1 3000\n')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await repl('get cat\nscan --prefix 299 --limit 2')).toMatchObject({
    exitCode: 0,
    stdout: 'nine\n299 value299@1\n2990 value2990@1\n(2 pairs)',
  });
});

test('kill is a real SIGKILL, and what was acknowledged survives it', async () => {
  const killed = await repl('put cat nine\nfill 1 500\ndel 7\nkill\nput after 1\n');
  expect(killed).toMatchObject({ signal: 'SIGKILL' });
  const { stdout } = await repl('get cat\nget 500\nget 7\nget after\n');
  expect(stdout.split('\n')).toEqual(['nine', 'value500@1', 'not found', 'not found']);
});

test.each([
  [
    'put a 1\nputt b 2\nput c 3\n',
    2,
    /^ninelives: line 2: Expected put, .*got putt\. The rest was not done\.$/,
  ],
  ['\n\nput a\n', 2, /^ninelives: line 3: Expected `put KEY VALUE`\. The rest was not done\.$/],
  ['put "" 1\n', 2, /^ninelives: line 1: Expected .*key.* The rest was not done\.$/],
  [Buffer.from([0x67, 0xff]), 2, /^ninelives: line 1: Expected UTF-8.*$/],
])(
  'a script with the line %j in it ends with exit code %i and one sentence',
  async (script, code, sentence) => {
    const { exitCode, stderr } = await repl(script);
    expect(exitCode).toBe(code);
    expect(stderr).toMatch(sentence);
    expect((await repl('scan c')).stdout).toBe('(0 pairs)');
  },
);

test('damage that a line meets ends the script with exit code 1 and its number', async () => {
  await repl('fill 1 500\nflush\n');
  const table = place.files().find((name) => name.endsWith('.sst')) ?? '';
  writeFileSync(join(place.directory, table), Buffer.alloc(10), { flag: 'r+' });
  const { exitCode, stderr } = await repl('put a 1\nget 1\nput b 2\n');
  expect([exitCode, stderr.split('\n').length]).toEqual([1, 1]);
  expect(stderr).toMatch(/^ninelives: line 2: .* The rest was not done\.$/);
});

test('SIGTERM ends a script that waits for its next line, closes the database, and says so', async () => {
  const child = execa(process.execPath, [COMMAND, 'kv', 'repl', 'cats'], {
    cwd: place.directory,
    reject: false,
  });
  child.stdin.write('put cat nine\n');
  for await (const chunk of child.stdout) if (String(chunk).includes('ok')) break;
  child.kill('SIGTERM');
  expect(await child).toMatchObject({
    exitCode: 3,
    stderr: 'ninelives: interrupted in line 1; the rest was not done.',
  });
  expect((await repl('get cat')).stdout).toBe('nine');
});

test('a reader that goes away, as head does, ends it without an error', async () => {
  await repl('fill 1 20000\n');
  const child = execa(process.execPath, [COMMAND, 'kv', 'repl', 'cats'], {
    cwd: place.directory,
    reject: false,
    input: 'dump\nput after 1\n',
  });
  for await (const chunk of child.stdout) if (String(chunk).length > 0) break;
  child.stdout.destroy();
  expect(await child).toMatchObject({ exitCode: 0, stderr: '' });
});
