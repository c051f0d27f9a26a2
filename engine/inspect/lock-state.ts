import { LOCK_PATH } from '../filenames.js';
import { isAlive } from '../vfs/node-lock.js';
import type { Vfs } from '../vfs/vfs.js';
import { isPlatformError } from './inspect-error.js';

/** Who has the database open, as its LOCK says. Looking takes no lock and waits for none. */
export type LockState =
  | { readonly kind: 'free' }
  /** A living process has it open: what is shown may be changing. */
  | { readonly kind: 'held'; readonly processId: number }
  /** Its owner is dead, or it names none; the next opener takes it over. */
  | { readonly kind: 'left' };

/** Reads LOCK. One that cannot be read counts as left: the state is for people, nothing depends on it. */
export function readLock(vfs: Vfs): LockState {
  try {
    const file = vfs.open(LOCK_PATH, 'open/list');
    try {
      const owner = Buffer.from(file.read(0, OWNER_BYTES_MAX, 'open/list')).toString('latin1');
      return isAlive(owner) ? { kind: 'held', processId: Number.parseInt(owner, 10) } : { kind: 'left' };
    } finally {
      file.close();
    }
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    return { kind: error.code === 'ENOENT' ? 'free' : 'left' };
  }
}

const OWNER_BYTES_MAX = 100;
