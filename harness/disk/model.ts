import type { Change, DataChange, Sync } from './trace.js';

/**
 * A persistence model says what a power loss may leave: which pending changes a sync forces, which change cannot be
 * there without another, and what may be left of a write besides all or nothing. The rest (walking the trace, closing
 * choices, making the disk) is the same for all models and lies in simulation.ts. The rules and their sources are in
 * docs/persistence-models.md.
 */
export interface Model {
  readonly name: ModelName;
  /**
   * Which of the pending changes this sync makes durable. `pending` is in the order of the trace and holds only
   * changes made before the sync was asked for. Called only for syncs that were answered with success.
   */
  forced(sync: Sync, pending: readonly Pending[]): readonly Pending[];
  /**
   * The pending changes without which this one cannot be on the disk; they must then be there whole. `earlier` holds
   * all changes that are pending and came before it. Need not be transitive: the caller closes it.
   */
  needs(change: Pending, earlier: readonly Pending[]): readonly Pending[];
  /** The pending changes that must not be lost if this one is not: all or any remnant of them will do. */
  reaches?(change: Pending, earlier: readonly Pending[]): readonly Pending[];
  /** Renames to another directory of which this sync forces the new name and not the loss of the old one. */
  linked?(sync: Sync, pending: readonly Pending[]): readonly Pending[];
  /** What may be left of a write besides nothing and all of it. */
  partial(write: PendingWrite, earlier: readonly Pending[]): readonly Remnant[];
  /**
   * Whether a truncation may leave zeros from its length to the end of that page in a file that still has its old size,
   * whatever else is there: the page is zeroed in place and written back before the truncation is.
   */
  readonly zeroesCutPage: boolean;
}

export const MODEL_NAMES = ['posix', 'ext4', 'ext4-writeback', 'xfs', 'btrfs'] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

/** A change that a crash may still lose. */
export interface Pending<Kind extends Change = Change> {
  readonly change: Kind;
  /** Its place in the trace. */
  readonly step: number;
  /** `wal/append#3`: its label and which one of that label it is; with `<life>:` in front if it is of an earlier life. */
  readonly name: string;
  /**
   * For data: the size that the file had, as the process saw it, before this change. What a write adds beyond it is an
   * append; the rest overwrites.
   */
  readonly sizeBefore: number;
  /** For data: the part of the file that was durable, as far as it is known, when the change was made, in bytes. */
  readonly durableBytes: number;
  /** A sync of its file failed after it was made: no later sync forces it any more. */
  readonly abandoned: boolean;
  /** It is durable, but stands after a change of the same file or name that is not, so it cannot be folded before that. */
  readonly forced?: boolean;
  /** A rename whose new name is durable, and the loss of the old one not: see Outcome. */
  readonly linked?: boolean;
  /** For names: its file or its directory was synced before, successfully, so that a log knows it. */
  readonly logged?: boolean;
}

export type PendingWrite = Pending<Extract<DataChange, { readonly kind: 'write' }>>;
export type PendingTruncation = Pending<Extract<DataChange, { readonly kind: 'truncate' }>>;

/** What is left of a change after a power loss. */
export type Outcome =
  | { readonly kind: 'kept' }
  | { readonly kind: 'lost' }
  /** Only renames: the file has its new name and its old one. It stands in the place of 'lost', which cannot be. */
  | { readonly kind: 'linked' }
  /** Only writes and truncations. */
  | Remnant;

/**
 * A write of which a part arrived. `part` names the bytes that did: those before `at` (head), those from `at` on
 * (tail), or none of them; 0 < at < length, counted from the start of the write. The other bytes of an append hold the
 * fill, which for `nothing` means that the file does not reach so far (or, before a tail, a hole of zeros). Bytes that
 * were overwritten and did not arrive hold what they held before.
 *
 * A head with `at` = length is in a page that a truncation zeroed: its bytes are there as far as that page and the file
 * reach, and the size is not (headInZeroedPage in remnants.ts).
 *
 * Of a truncation there is one: none of it, filled with zeros, which lie from its length to the end of that page.
 */
export interface Remnant {
  readonly kind: 'remnant';
  readonly part: 'head' | 'tail' | 'none';
  /** 0 if the part is 'none'. */
  readonly at: number;
  readonly fill: Fill;
}

/** `stale`: what an earlier file once had on the disk; `garbage`: bytes that were never written by anybody. */
export type Fill = 'nothing' | 'zeros' | 'garbage' | 'stale';

export const KEPT = { kind: 'kept' } as const satisfies Outcome;
export const LOST = { kind: 'lost' } as const satisfies Outcome;
export const LINKED = { kind: 'linked' } as const satisfies Outcome;

export function isWrite(pending: Pending): pending is PendingWrite {
  return pending.change.kind === 'write';
}

export function isTruncation(pending: Pending): pending is PendingTruncation {
  return pending.change.kind === 'truncate';
}
