import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * A lock file that a SIGKILL cannot leave behind for ever. Node has no flock(2), so the file holds its owner's
 * process id and start time, and an owner that no longer runs holds nothing. The content is written to a file of
 * its own first and given the name by link(2), which fails if the name is taken: there is never a lock without
 * an owner in it.
 *
 * Two processes that find the same dead owner both move the old lock away and look at what they moved; the one
 * that moved a living lock puts it back. Process ids mean nothing across machines and containers: do not share a
 * directory between those.
 */
export function takeLock(file: string): () => void {
  const owner = `${process.pid} ${processFacts(process.pid)?.start ?? ''}\n`;
  sweepClaims(file);
  const claim = `${file}.${process.pid}`;
  try {
    fs.writeFileSync(claim, owner);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (linkIfFree(claim, file)) return () => release(file, owner);
      removeIfDead(file, claim);
    }
    throw locked(file, 'other processes keep taking it');
  } finally {
    fs.rmSync(claim, { force: true });
  }
}

const ATTEMPTS_MAX = 10;

function linkIfFree(claim: string, file: string): boolean {
  try {
    fs.linkSync(claim, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeIfDead(file: string, claim: string): void {
  const holder = readIfThere(file);
  if (holder === undefined) return;
  if (isAlive(holder)) throw locked(file, `process ${holder.split(' ')[0] ?? '?'} holds it`);
  const moved = `${claim}.dead`;
  try {
    fs.renameSync(file, moved);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readIfThere(moved) !== holder) linkIfFree(moved, file);
  fs.rmSync(moved, { force: true });
}

/**
 * Removes claims (and locks that were moved away) that a killed process left. Whose they are says their name: what
 * is in them may not be written yet, or be the owner of the lock that was moved.
 */
function sweepClaims(file: string): void {
  const prefix = `${path.basename(file)}.`;
  for (const name of fs.readdirSync(path.dirname(file))) {
    const [, claimant] = /^(\d+)(?:\.dead)?$/.exec(name.slice(prefix.length)) ?? [];
    if (!name.startsWith(prefix) || claimant === undefined) continue;
    if (!isAlive(claimant)) fs.rmSync(path.join(path.dirname(file), name), { force: true });
  }
}

function release(file: string, owner: string): void {
  if (readIfThere(file) === owner) fs.unlinkSync(file);
}

function readIfThere(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the process that wrote this content of a lock file still runs. */
export function isAlive(owner: string): boolean {
  const [pidText, start] = owner.trim().split(' ');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = processFacts(pid);
  if (now === undefined) return true;
  // A zombie has been killed and only waits for its parent to notice.
  return now.state !== 'Z' && now.state !== 'X' && (start === undefined || start === now.start);
}

/**
 * State and start time (in clock ticks since boot, which tells a process from a later one with the same id).
 * Linux only; undefined elsewhere.
 */
function processFacts(pid: number): { readonly state: string; readonly start: string } | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, may hold spaces; the state follows it, the start time is the 20th field.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', start: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function locked(file: string, why: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`ELOCKED: ${file} is locked, ${why}`), { code: 'ELOCKED' });
}
