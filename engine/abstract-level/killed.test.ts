import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { Place } from './level-test-place.js';

/**
 * What was acknowledged through the class survives kill -9. The child is a program of a user: it imports the package
 * by its name, and prints a line for each write that was acknowledged.
 */
const place = new Place();
const ROOT = join(import.meta.dirname, '../..');

const WRITER = `
  import { NinelivesLevel } from 'ninelives/abstract-level';
  const database = new NinelivesLevel(process.argv[1], { valueEncoding: 'json', engine: { memtableEntriesMax: 50 } });
  const inner = database.sublevel('inner', { valueEncoding: 'json' });
  for (let round = 0; ; round++) {
    await database.put('', { round });
    await database.put('round' + String(round).padStart(6, '0'), { round });
    await database.batch().put('first', { round }).put('second', { round }, { sublevel: inner }).write({ sync: round % 8 === 0 });
    if (round > 0) await database.del('round' + String(round - 1).padStart(6, '0'));
    process.stdout.write(round + '\\n');
  }
`;

test('what was acknowledged before a kill -9 is there when the database is opened again', async () => {
  const location = place.path();
  for (const rounds of [1, 40, 150]) {
    const acknowledged = await writeAndKill(location, rounds);
    const database = place.database<string, { readonly round: number }>(location, { valueEncoding: 'json' });
    const inner = database.sublevel<string, { readonly round: number }>('inner', { valueEncoding: 'json' });
    const roundOf = async (value: Promise<{ readonly round: number } | undefined>): Promise<number> =>
      (await value)?.round ?? -1;
    const first = await roundOf(database.get('first'));
    // The round in flight may be there as well, each batch of it whole.
    expect([acknowledged, acknowledged + 1]).toContain(first);
    expect(await roundOf(inner.get('second'))).toBe(first);
    expect([first, first + 1]).toContain(await roundOf(database.get('')));
    const keys = await database.keys({ gte: 'round', lt: 'round~' }).all();
    const rounded = keys.map((key) => Number(key.slice('round'.length)));
    expect(rounded.at(-1)).toBeGreaterThanOrEqual(acknowledged);
    expect(rounded.at(0)).toBeGreaterThanOrEqual(acknowledged);
    await database.close();
  }
});

/** Lets a child write until it has acknowledged so many rounds, kills it, and gives the last one that it acknowledged. */
async function writeAndKill(location: string, rounds: number): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', WRITER, location], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let seen = 0;
  let last = -1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (++seen === rounds) child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return last;
}
