import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KvPlace, LOOKS } from './kv/kv-test-place.js';

/** What all commands that look at a database have in common; what each of them says is tested beside it. */
let place: KvPlace;
beforeEach(() => (place = new KvPlace()));
afterEach(() => place.remove());

/** Runs all of them; every one must be content, and print nothing but text. */
async function lookAtAll(name: string, form: 'both' | 'text' = 'text'): Promise<void> {
  const both = LOOKS.flatMap((words) => (form === 'both' ? [words, [...words, '--json']] : [words]));
  for (const words of both) {
    const { exitCode, stdout, stderr } = await place.kv(...words, name);
    expect([words, exitCode, stderr]).toEqual([words, 0, '']);
    expect(stdout).toMatch(/^[\x20-\x7e\n]+$/);
    if (words.includes('--json')) for (const line of stdout.split('\n')) JSON.parse(line);
  }
}

describe('nothing that only looks changes a byte, a name or a time', () => {
  test('of a database that was closed', async () => {
    await place.make('db');
    const before = place.snapshot('db');
    await lookAtAll('db', 'both');
    expect(place.snapshot('db')).toEqual(before);
  });

  test('of a database whose process was killed', async () => {
    const loading = place.start('kv', 'load', 'db', '--sample', '10000000');
    // Killed when it has flushed at least once, wherever it is then.
    while (!hasTable('db')) await sleep(5);
    loading.kill('SIGKILL');
    await loading;
    expect(existsSync(place.path('db', 'LOCK'))).toBe(true);
    const before = place.snapshot('db');
    await lookAtAll('db');
    const { stdout } = await place.kv('inspect', 'tree', 'db');
    expect(stdout).toContain('the process that had it open is dead');
    expect(place.snapshot('db')).toEqual(before);
  });

  test('of a database that another process has open, which goes on', async () => {
    await place.make('db');
    const engine = await place.open('db');
    await engine.settled();
    await engine.put(Buffer.from('open'), Buffer.from('just now'));
    const before = place.snapshot('db');
    await lookAtAll('db');
    const { stdout } = await place.kv('check', 'db');
    expect(stdout).toContain(`process ${process.pid} has the database open`);
    expect(place.snapshot('db')).toEqual(before);
    await engine.put(Buffer.from('open'), Buffer.from('still'));
    await engine.close();
  });
});

test('while another process writes, flushes and compacts, a check finds no fault and a dump is what was there at one moment', async () => {
  const engine = await place.open('db');
  let written = 0;
  let ended = false;
  const writing = (async () => {
    while (!ended)
      await engine.put(Buffer.from(String(written).padStart(8, '0')), Buffer.from([written++ % 256]));
  })();
  for (let round = 0; round < 3; round++) {
    const acknowledged = written;
    const dumped = await place.kv('dump', 'db');
    expect([dumped.exitCode, dumped.stderr]).toEqual([0, '']);
    const keys = dumped.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map(keyOf);
    // All of them up to some moment after the question: no hole, nothing that was acknowledged before is missing.
    expect(keys).toEqual(keys.map((_, index) => String(index).padStart(8, '0')));
    expect(keys.length).toBeGreaterThanOrEqual(acknowledged);
    const checked = await place.kv('check', 'db');
    expect(checked.stdout).not.toMatch(/^(fault|warning)/m);
    expect([checked.exitCode, checked.stderr]).toEqual([0, '']);
    const tree = await place.kv('inspect', 'tree', 'db');
    expect([tree.exitCode, tree.stderr]).toEqual([0, '']);
  }
  ended = true;
  await writing;
  await engine.close();
  expect(written).toBeGreaterThan(100);
});

const NOT_DATABASES: readonly [string, RegExp][] = [
  ['gone', /found nothing; give the path/],
  ['empty', /got a directory without any file of one/],
  ['leveldb', /found other files|other files/],
];

test.each(NOT_DATABASES)(
  '%s is no database: one sentence, exit code 2, and nothing is made',
  async (name, sentence) => {
    mkdirSync(place.path('empty'));
    mkdirSync(place.path('leveldb'));
    writeFileSync(place.path('leveldb', 'CURRENT'), 'MANIFEST-000001\n');
    const before = place.snapshot('.');
    for (const words of LOOKS) {
      const { exitCode, stdout, stderr } = await place.kv(...words, name);
      expect([words, exitCode, stdout]).toEqual([words, 2, '']);
      expect(stderr).toMatch(sentence);
      expect(stderr.split('\n')).toHaveLength(1);
    }
    expect(place.snapshot('.')).toEqual(before);
  },
);

test('names, keys and values cannot speak to the terminal', async () => {
  const evil = '\u001b]0;nine lives\u0007\u009b31m';
  const engine = await place.open('db');
  await engine.put(Buffer.from(evil), Buffer.from(evil));
  await engine.flush();
  await engine.put(Buffer.from(`${evil}2`), Buffer.from(evil));
  await engine.close();
  writeFileSync(place.path('db', `${evil}.txt`), evil);
  await lookAtAll('db', 'both');
  const { stdout } = await place.kv('inspect', 'tree', 'db');
  expect(stdout).toContain('\\x1b]0;nine lives\\x07');
  const { stderr, exitCode } = await place.kv('check', evil);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^[\x20-\x7e]+$/);
});

test('a reader that has seen enough ends the command, without an error', async () => {
  await place.kv('load', 'db', '--sample', '20000');
  const dumping = place.start('kv', 'dump', 'db');
  dumping.stdout.once('data', () => dumping.stdout.destroy());
  const { exitCode, stderr } = await dumping;
  expect([exitCode, stderr]).toEqual([3, '']);
});

function hasTable(name: string): boolean {
  const manifests = existsSync(place.path(name)) ? readdirSync(place.path(name)) : [];
  // The first MANIFEST names no table yet.
  return manifests.some((file) => /^MANIFEST-\d+$/.test(file) && sizeIfThere(place.path(name, file)) > 60);
}

/** 0 if it is gone again. */
function sizeIfThere(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function keyOf(line: string): string {
  const { key } = JSON.parse(line) as { readonly key: string };
  return Buffer.from(key, 'base64').toString();
}
