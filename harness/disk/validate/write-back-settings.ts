import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Undo } from './undo.js';

/**
 * How soon the kernel writes back what is dirty. The defaults are 5 to 30 seconds, in which a trial would see nothing
 * but what was synced; during a validation it is a fraction of a second. The settings hold for the whole machine.
 */
export function hastenWriteBack(undo: Undo): readonly string[] {
  return SETTINGS.flatMap(({ path, value }) => {
    if (!existsSync(path)) return [];
    const before = readFileSync(path, 'utf8').trim();
    undo.add(() => writeFileSync(path, before));
    writeFileSync(path, value);
    return [`${path.replace('/proc/sys/', '').replaceAll('/', '.')} ${before} -> ${value}`];
  });
}

const SETTINGS = [
  /** How often the flusher looks, in 1/100 s. */
  { path: '/proc/sys/vm/dirty_writeback_centisecs', value: '10' },
  /** How old a dirty page must be for it. */
  { path: '/proc/sys/vm/dirty_expire_centisecs', value: '25' },
  /** How often XFS writes its log; 1 s is the least. There only once XFS is loaded. */
  { path: '/proc/sys/fs/xfs/xfssyncd_centisecs', value: '100' },
] as const;
