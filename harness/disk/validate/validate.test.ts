import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FILE_SYSTEMS } from './file-systems.js';
import { missingFor, missingHere } from './requirements.js';
import { validateDisk } from './validate.js';

const ext4 = FILE_SYSTEMS.filter(({ name }) => name === 'ext4');
const missing = [...missingHere(), ...ext4.flatMap((fileSystem) => missingFor(fileSystem) ?? [])];
const because = missing.length === 0 ? '' : ` (not here: ${missing.join(' ')})`;

test.skipIf(missing.length > 0)(
  `trials on a real ext4 are judged, and nothing of them is left behind${because}`,
  async ({ skip }) => {
    const dataParent = mkdtempSync(join(tmpdir(), 'ninelives-validate-'));
    const before = machineState();
    const judged: string[] = [];
    try {
      const { missing: lacking, fileSystems } = await validateDisk({
        ...{ fileSystems: ext4, trials: 2, seed: 2, dataParent, signal: new AbortController().signal },
        say: () => undefined,
        onTrial: (_result, trial) => judged.push(trial.kind),
      });
      // A container may have root and still not be allowed to mount.
      if (lacking.length > 0) skip(lacking.join(' '));
      expect(judged).toEqual(['judged', 'judged']);
      expect(fileSystems).toMatchObject([{ name: 'ext4', trials: 2, undecided: 0 }]);
      expect(machineState()).toEqual(before);
      expect(readdirSync(dataParent)).toEqual([]);
    } finally {
      rmSync(dataParent, { recursive: true, force: true });
    }
  },
);

test('an interrupted validation runs no trial', async () => {
  const result = await validateDisk({
    ...{ fileSystems: ext4, trials: 2, seed: 2, dataParent: undefined, signal: AbortSignal.abort() },
    say: () => undefined,
    onTrial: () => expect.unreachable(),
  });
  expect(result.fileSystems).toEqual([]);
});

/** What a validation changes on the machine while it runs. */
function machineState(): unknown {
  return {
    mounts: readFileSync('/proc/self/mounts', 'utf8').split('\n').filter(isOurs),
    expire: readFileSync('/proc/sys/vm/dirty_expire_centisecs', 'utf8'),
    interval: readFileSync('/proc/sys/vm/dirty_writeback_centisecs', 'utf8'),
  };
}

function isOurs(mount: string): boolean {
  return mount.includes(`ninelives-mount-${process.pid}-`);
}
