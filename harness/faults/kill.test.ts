import { expect, test } from 'vitest';
import { parseEnding } from './ending.js';
import { KillAtStep } from './kill.js';

// That it really kills is shown with real processes, in driver/engine-process.test.ts and run/run-case.test.ts.

test('steps are counted by label, in the order in which the labels first appeared', () => {
  const { kill } = killAt('close');
  kill.before('wal/append');
  kill.before('manifest/rename');
  kill.before('wal/append');
  expect(Object.entries(kill.steps())).toEqual([
    ['wal/append', 2],
    ['manifest/rename', 1],
  ]);
});

test('only the write that the plan names is cut, and always before its last byte', () => {
  const { kill } = killAt('kill inside wal/append #2 @7');
  kill.before('wal/append');
  expect(kill.cutAt('wal/append', 100)).toBeUndefined();
  kill.before('wal/header');
  expect(kill.cutAt('wal/header', 100)).toBeUndefined();
  kill.before('wal/append');
  expect([100, 8, 7, 1, 0].map((length) => kill.cutAt('wal/append', length))).toEqual([7, 7, 6, 0, 0]);
});

test('a file is made known after it was created, other steps are not', () => {
  const { kill, created } = killAt('kill idle');
  kill.after('flush/sst.create', 'l0/000001.sst');
  kill.after('flush/sst.write', 'l0/000001.sst');
  kill.after('manifest/rename', 'MANIFEST-000002');
  expect(created).toEqual(['l0/000001.sst']);
});

function killAt(end: string): { readonly kill: KillAtStep; readonly created: readonly string[] } {
  const created: string[] = [];
  const kill = new KillAtStep(parseEnding(end), {
    created: (path) => created.push(path),
    dying: () => {
      throw new Error('Expected no death here.');
    },
  });
  return { kill, created };
}
