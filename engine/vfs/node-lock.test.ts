import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from './node-lock.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ninelives-lock-'));
  file = join(directory, 'LOCK');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const elocked = expect.objectContaining({ code: 'ELOCKED' }) as Error;

/** A real process that lives until it is told otherwise, and what the lock file says of it (Linux only: its start). */
async function otherProcess() {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1e6)']);
  await once(child.stdout, 'data');
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1');
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { pid: child.pid ?? 0, owner: `${child.pid} ${start}\n`, kill };
}

test('a lock is held until it is released, and leaves nothing behind', () => {
  const release = takeLock(file);
  expect(() => takeLock(file)).toThrowError(elocked);
  release();
  expect(readdirSync(directory)).toEqual([]);
  takeLock(file)();
});

test('the lock of a living process is refused and untouched; after its SIGKILL it is taken over', async () => {
  const other = await otherProcess();
  writeFileSync(file, other.owner);
  expect(() => takeLock(file)).toThrowError(elocked);
  expect(() => takeLock(file)).toThrowError(new RegExp(`process ${other.pid} holds it`));
  expect(readFileSync(file, 'latin1')).toBe(other.owner);
  await other.kill();
  const release = takeLock(file);
  expect(readFileSync(file, 'latin1')).toMatch(new RegExp(`^${process.pid} `));
  release();
  expect(readdirSync(directory)).toEqual([]);
});

test('a process that has only the id of the dead owner does not hold its lock', async () => {
  const other = await otherProcess();
  writeFileSync(file, `${other.pid} 1\n`);
  takeLock(file)();
  await other.kill();
});

test('a lock file with nothing that could be an owner is taken over', () => {
  for (const content of ['', 'rubbish\n', '-5 1\n', '0\n']) {
    writeFileSync(file, content);
    takeLock(file)();
    expect(existsSync(file)).toBe(false);
  }
});

test('claims of dead processes are swept, whatever is in them; those of the living and foreign files stay', async () => {
  const [living, dead] = [await otherProcess(), await otherProcess()];
  await dead.kill();
  // Not written yet, and moved away with its dead owner in it: once, both were taken from under their process.
  writeFileSync(`${file}.${living.pid}`, '');
  writeFileSync(`${file}.${living.pid}.dead`, dead.owner);
  writeFileSync(`${file}.${dead.pid}`, '');
  writeFileSync(`${file}.${dead.pid}.dead`, living.owner);
  writeFileSync(`${file}.notes`, dead.owner);
  takeLock(file)();
  expect(readdirSync(directory).sort()).toEqual(
    [`LOCK.${living.pid}`, `LOCK.${living.pid}.dead`, 'LOCK.notes'].sort(),
  );
  await living.kill();
});

test('releasing a lock that somebody else has taken over does not take it from them', async () => {
  const release = takeLock(file);
  const other = await otherProcess();
  writeFileSync(file, other.owner);
  release();
  expect(readFileSync(file, 'latin1')).toBe(other.owner);
  await other.kill();
});
