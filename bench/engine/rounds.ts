import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Figure } from './rows.js';
import type { StoreName } from './store.js';
import type { WorkerMessage } from './worker.js';

/**
 * Runs the rounds: in each, every engine once, in a child of its own, one after the other (A B C D, A B C D), so that
 * a machine whose speed drifts disturbs all alike. Directories lie below the system's temporary one and are removed.
 */
export async function runRounds(plan: Plan, progress: (line: string) => void): Promise<Measured> {
  const figures: Figure[] = [];
  const options = new Map<StoreName, string>();
  const unavailable = new Map<StoreName, string>();
  for (let round = 1; round <= plan.rounds; round++) {
    for (const store of plan.stores) {
      if (unavailable.has(store)) continue;
      await runChild(plan, store, (message) => {
        switch (message.kind) {
          case 'figure':
            figures.push({ store, round, id: message.id, value: message.value });
            progress(`round ${round}, ${store}, ${message.id}: ${Number(message.value.toPrecision(4))}`);
            break;
          case 'options':
            options.set(store, message.options);
            break;
          case 'unavailable':
            unavailable.set(store, message.why);
            progress(`${store} cannot be loaded on this machine, the others go on: ${message.why}`);
            break;
        }
      });
    }
  }
  return { figures, options, unavailable };
}

export interface Plan {
  readonly rounds: number;
  readonly entries: number;
  readonly stores: readonly StoreName[];
}

export interface Measured {
  readonly figures: readonly Figure[];
  readonly options: ReadonlyMap<StoreName, string>;
  /** Engines that are not here, with the reason. */
  readonly unavailable: ReadonlyMap<StoreName, string>;
}

async function runChild(plan: Plan, store: StoreName, take: (message: WorkerMessage) => void): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'ninelives-bench-'));
  const worker = join(import.meta.dirname, 'worker.js');
  try {
    const child = execa(process.execPath, ['--expose-gc', worker, store, String(plan.entries), directory], {
      stdin: 'ignore',
      stderr: 'inherit',
      buffer: false,
    });
    for await (const line of child.iterable()) take(JSON.parse(line) as WorkerMessage);
    await child;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
