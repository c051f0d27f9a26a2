/**
 * A sync that fails, as a value that prints itself and parses back: `io-error EIO at wal/fsync #2`. The second sync
 * with that label in the life is answered with EIO; nothing of what it should have forced is durable, and the pages
 * count as clean, so that no later sync forces them either (Rebello et al., "Can Applications Recover from fsync
 * Failures?", ATC 2020). They may have reached the disk all the same.
 */
import { STEP_LABELS, type StepLabel } from '../../engine/vfs/step.js';
import { FaultError } from './fault-error.js';
import { nearest } from './nearest.js';

export interface SyncFault {
  readonly kind: 'io-error';
  readonly code: 'EIO';
  /** One that ends in `fsync`. */
  readonly label: StepLabel;
  /** Which sync of this label in the life, counted from 1. */
  readonly occurrence: number;
}

/** The labels of syncs. */
export const SYNC_LABELS: readonly StepLabel[] = STEP_LABELS.filter((label) => label.endsWith('fsync'));

export function formatSyncFault({ code, label, occurrence }: SyncFault): string {
  return `io-error ${code} at ${label} #${occurrence}`;
}

/** Throws FaultError: 'unknown-fault', 'unknown-step' for a label that is no sync, 'bad-number'. */
export function parseSyncFault(text: string): SyncFault {
  const [, name = '', digits = ''] = /^io-error EIO at (\S+) #(\d{1,9})$/.exec(text) ?? [];
  if (name === '') {
    throw new FaultError(
      'unknown-fault',
      `Expected "io-error EIO at <sync> #<n>", got ${JSON.stringify(text.slice(0, 100))}.`,
    );
  }
  const label = SYNC_LABELS.find((candidate) => candidate === name);
  if (label === undefined) {
    throw new FaultError(
      'unknown-step',
      `Expected a step that syncs, got ${JSON.stringify(name)}; did you mean ${nearest(name, SYNC_LABELS)}?`,
    );
  }
  const occurrence = Number(digits);
  if (occurrence >= 1) return { kind: 'io-error', code: 'EIO', label, occurrence };
  throw new FaultError(
    'bad-number',
    `Expected the number after # to be at least 1, got ${JSON.stringify(text)}.`,
  );
}
