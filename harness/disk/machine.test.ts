import { expect, test } from 'vitest';
import { Content } from './content.js';
import type { Disk } from './disk.js';
import { afterDeath, namesOf, poweredOn, visibleDisk } from './machine.js';
import { MemoryVfs } from './memory-vfs.js';
import { Recording, RecordingVfs } from './recording-vfs.js';

const DISK: Disk = { directories: new Set(), files: new Map([['f', new Content(Uint8Array.from([1]))]]) };

test('a machine that was just powered on shows its disk', () => {
  expect(visibleDisk(poweredOn(DISK))).toEqual(DISK);
});

test('the death of a process takes nothing away, synced or not, in life after life', async () => {
  let machine = poweredOn(DISK);
  for (const life of [0, 1, 2]) {
    const vfs = new MemoryVfs(visibleDisk(machine));
    const recording = new Recording(machine.disk, machine.steps);
    const recorded = new RecordingVfs(vfs, recording);
    recorded.makeDirectory('d', 'open/mkdir');
    const file = recorded.open('f', 'open/list');
    file.append(Uint8Array.from([life, life]), 'wal/append');
    recorded.create(`d/${life}`, 'wal/create').append(Uint8Array.from([life]), 'wal/header');
    if (life === 1) await file.sync('wal/fsync');
    if (life === 2) recorded.rename('d/0', 'd/1', 'manifest/rename');
    if (life === 2) file.truncate(2, 'recovery/wal.truncate');
    machine = afterDeath(machine, life, recording.steps.slice(machine.steps.length));
    expect(treeOf(visibleDisk(machine))).toEqual(treeOf(vfs.disk()));
  }
  expect(machine.disk).toBe(DISK);
  expect(machine.names).toHaveLength(machine.steps.length);
  expect(machine.names.slice(3, 7)).toEqual([
    '0:wal/header#1',
    '1:open/mkdir#1',
    '1:wal/append#1',
    '1:wal/create#1',
  ]);
});

test('steps are numbered by their label', () => {
  const steps = ['wal/append', 'wal/fsync', 'wal/append'].map((label) => ({
    kind: 'none' as const,
    label,
    path: 'f',
  }));
  expect(namesOf(steps)).toEqual(['wal/append#1', 'wal/fsync#1', 'wal/append#2']);
});

function treeOf({ directories, files }: Disk): unknown {
  return {
    directories: [...directories].sort(),
    files: [...files].map(([path, { bytes }]) => [path, ...bytes] as const).sort(),
  };
}
