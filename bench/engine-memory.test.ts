import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const COMMAND = join(import.meta.dirname, '../dist/bench/engine-memory.js');

test('memory while loading and the time to open are measured with both sets of options', async () => {
  const { stdout } = await execa(process.execPath, [COMMAND, '--entries', '20000']);
  for (const pattern of [
    /loaded +\d+\.\d\d s/g,
    /resident while loading +[1-9]\d* MB/g,
    /opened +\d+ ms.*after a kill/g,
    /opened +\d+ ms.*after a clean close/g,
  ]) {
    expect(stdout.match(pattern), `${pattern} in\n${stdout}`).toHaveLength(2);
  }
});

test('a number that makes no sense is refused with exit code 2', async () => {
  const refused = await execa(process.execPath, [COMMAND, '--entries', '-1'], { reject: false });
  expect(refused.exitCode).toBe(2);
});
