import { formatSyncFault, parseSyncFault } from '../faults/sync-fault.js';
import type { CrashCase } from '../workload/case.js';
import { playInMemory } from './play-in-memory.js';

/**
 * A fault that never strikes has tested nothing. Cases are drawn before anybody knows how often a sync is called in
 * them, so a sync that does not come the n-th time fails the time before instead, and so on down to the first. The
 * answer depends on the case alone. Where no such sync comes at all the fault stays and does not strike.
 */
export async function withStrikingFaults(crashCase: CrashCase): Promise<CrashCase> {
  for (let candidate = crashCase; ;) {
    if (candidate.lives.every(({ faults = [] }) => faults.length === 0)) return candidate;
    const { history } = await playInMemory(candidate);
    const struck = new Set(
      history.map((event) => (event.kind === 'fault' ? nameOf(event.life, event.fault) : '')),
    );
    let changed = false;
    const lives = candidate.lives.map((life, number) => {
      if (life.faults === undefined) return life;
      const faults = life.faults.map((text) => {
        const fault = parseSyncFault(text);
        if (struck.has(nameOf(number, text)) || fault.occurrence === 1) return text;
        changed = true;
        return formatSyncFault({ ...fault, occurrence: fault.occurrence - 1 });
      });
      return { ...life, faults };
    });
    if (!changed) return candidate;
    candidate = { ...candidate, lives };
  }
}

function nameOf(life: number, fault: string): string {
  return `${life}: ${fault}`;
}
