import type { OperationName } from '../workload/case.js';

/** The three answers; the worst wins. A checker that throws or gives up answers 'unknown', never 'held'. */
export type Verdict = 'held' | 'violated' | 'unknown';

/** Every way in which a promise can be broken; what each means is in the file of its check. */
export const VIOLATION_KINDS = [
  'lost',
  'resurrected',
  'phantom',
  'stale-read',
  'snapshot-changed',
  'torn-batch',
  'flip-flop',
  'not-linearizable',
  'hole',
  'not-idempotent',
  'read-paths-disagree',
  'read-failed',
  'wrong-answer',
  'does-not-open',
  'hangs',
  'refuses-work',
  'dies',
  'orphan',
  'missing-file',
  'number-reuse',
  'two-owners',
] as const;

export type ViolationKind = (typeof VIOLATION_KINDS)[number];

export interface Violation {
  readonly kind: ViolationKind;
  /** The life in which it was seen. */
  readonly life: number;
  /** One sentence that names the operations and values. */
  readonly message: string;
  readonly key?: string;
  /** For a key: what could legally be read (null: nothing), and what was. */
  readonly legal?: readonly (string | null)[];
  readonly found?: string | null;
  /** The operations that prove it. */
  readonly operations: readonly OperationName[];
  readonly files?: readonly string[];
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly violations: readonly Violation[];
  /** Why the verdict is 'unknown', one sentence each; empty otherwise. */
  readonly doubts: readonly string[];
}

export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('violated')) return 'violated';
  return verdicts.includes('unknown') ? 'unknown' : 'held';
}
