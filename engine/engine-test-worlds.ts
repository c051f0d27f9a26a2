import type { Environment } from './environment.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';

/** For tests only: worlds in which the test says how far background work has come. */

/** A world in memory where a sync with `held` as its label waits until the test lets it go. */
export function worldThatHolds(held: string) {
  const base = makeTestEnvironment();
  const waiting: (() => void)[] = [];
  let holds = true;
  const wait = async (label: string): Promise<void> => {
    if (holds && label === held) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const vfs: Environment['vfs'] = {
    ...base.environment.vfs,
    create(path, label) {
      const file = base.environment.vfs.create(path, label);
      const sync = file.sync.bind(file);
      file.sync = async (syncLabel) => {
        await wait(syncLabel);
        await sync(syncLabel);
      };
      return file;
    },
  };
  const letGo = (): void => {
    holds = false;
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { ...base, environment: { ...base.environment, vfs }, waiting, letGo };
}

/** Lets everything run that needs no more than turns of the microtask queue. */
export async function turns(count = 200): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}
