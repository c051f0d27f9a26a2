import { type Choice, withZeroedPage } from './choices.js';
import { Content } from './content.js';
import type { Disk } from './disk.js';
import { applyEntryChange } from './entry-changes.js';
import { type AppliedChange, applyDataChanges } from './file-content.js';
import { FillBytes } from './fill-bytes.js';
import {
  isTruncation,
  isWrite,
  KEPT,
  LINKED,
  LOST,
  type Model,
  type Pending,
  type Remnant,
} from './model.js';
import { truncationRemnants } from './remnants.js';
import {
  type Change,
  directoryOf,
  type EntryChange,
  isChange,
  isDataChange,
  StepNames,
  type Sync,
  type TraceStep,
} from './trace.js';

/**
 * A machine under one persistence model, step by step: what is durable for certain, and which changes a power loss may
 * still take. `state` makes the disk that is left when the power fails now, for one choice of what is kept.
 *
 * What a sync forces is folded into the durable part, unless an earlier change of the same file or the same name is still
 * pending: then it stays among the pending ones, so that the order of each object is kept, but it cannot be lost.
 */
export class Simulation {
  readonly model: Model;
  #pending: Pending[] = [];
  #choices: readonly Choice[] | undefined;
  readonly #names = new StepNames();
  readonly #directories: Set<string>;
  /** Durable names. */
  readonly #entries: Map<string, number>;
  /** Durable contents by inode. */
  readonly #contents = new Map<number, Content>();
  /** Sizes as the process sees them. */
  readonly #sizes = new Map<number, number>();
  readonly #made = new Map<number, Map<string, Content>>();
  readonly #fill = new FillBytes();
  /** Files and directories that a sync answered for: `inode 3`, `directory d`. */
  readonly #synced = new Set<string>();
  #step = 0;

  constructor(model: Model, disk: Disk) {
    this.model = model;
    this.#directories = new Set(disk.directories);
    this.#entries = inodesOf(disk);
    for (const [path, inode] of this.#entries) {
      const content = disk.files.get(path) ?? Content.EMPTY;
      this.#contents.set(inode, content);
      this.#sizes.set(inode, content.bytes.length);
      this.#fill.add(inode, directoryOf(path), content.bytes);
    }
  }

  /** The power did not fail before this step was done. Its name is `label#n` if none is given. */
  advance(step: TraceStep, name = this.#names.next(step.label)): void {
    if (isChange(step)) this.#change(step, name);
    else if (step.kind !== 'none') this.#sync(step);
    this.#step++;
  }

  /** Steps done. */
  get steps(): number {
    return this.#step;
  }

  /** What may be lost at this moment, in the order of the trace. */
  choices(): readonly Choice[] {
    return (this.#choices ??= this.#pending.map((pending, index) => this.#choiceOf(pending, index)));
  }

  /**
   * The disk that is left if the power fails now. `picked` holds for each of `choices()` the index of its outcome, and
   * must be closed (see `close`).
   */
  state(picked: readonly number[]): Disk {
    const choices = this.choices();
    const names = new Map(this.#entries);
    const directories = new Set(this.#directories);
    let directoryLost = false;
    const changed = new Map<number, number[]>();
    for (const [index, { pending, outcomes }] of choices.entries()) {
      const { change } = pending;
      const outcome = outcomes[picked[index] ?? 0] ?? KEPT;
      if (isDataChange(change)) {
        const ofInode = changed.get(change.inode);
        if (ofInode === undefined) changed.set(change.inode, [index]);
        else ofInode.push(index);
      } else if (outcome.kind === 'lost') directoryLost ||= change.kind === 'mkdir';
      else applyEntryChange(names, directories, change, outcome);
    }
    const files = new Map<string, Content>();
    for (const [path, inode] of names) {
      if (directoryLost && !isReachable(path, directories)) continue;
      files.set(path, this.#contentOf(inode, changed.get(inode), picked));
    }
    if (directoryLost) {
      for (const path of directories) if (!isReachable(path, directories)) directories.delete(path);
    }
    return { directories, files };
  }

  #choiceOf(pending: Pending, index: number): Choice {
    if (pending.forced === true) return { pending, needs: [], reaches: [], outcomes: [KEPT] };
    const earlier = this.#pending.slice(0, index);
    const needs = this.model.needs(pending, earlier).map((needed) => earlier.indexOf(needed));
    if (pending.linked === true) return { pending, needs, reaches: [], outcomes: [KEPT, LINKED] };
    const reaches = this.model.reaches?.(pending, earlier).map((reached) => earlier.indexOf(reached)) ?? [];
    const outcomes = [KEPT, LOST, ...this.#remnantsOf(pending, earlier)];
    const choice = { pending, needs, reaches, outcomes };
    return this.model.zeroesCutPage ? withZeroedPage(choice, earlier) : choice;
  }

  #remnantsOf(pending: Pending, earlier: readonly Pending[]): readonly Remnant[] {
    if (isWrite(pending)) return this.model.partial(pending, earlier);
    return isTruncation(pending) && this.model.zeroesCutPage ? truncationRemnants(pending) : [];
  }

  #change(change: Change, name: string): void {
    const data = isDataChange(change);
    const sizeBefore = data ? (this.#sizes.get(change.inode) ?? 0) : 0;
    if (change.kind === 'write') {
      this.#sizes.set(change.inode, Math.max(sizeBefore, change.offset + change.bytes.length));
      this.#fill.write(change.inode, change.offset, change.bytes);
    } else if (change.kind === 'truncate') this.#sizes.set(change.inode, change.length);
    else if (change.kind === 'create') this.#fill.add(change.inode, directoryOf(change.path));
    const durableBytes = data ? (this.#contents.get(change.inode)?.bytes.length ?? 0) : 0;
    this.#pending.push({
      change,
      step: this.#step,
      name,
      sizeBefore,
      durableBytes,
      abandoned: false,
      logged: !data && logKeysOf(change).some((key) => this.#synced.has(key)),
    });
    this.#forget();
  }

  #sync(sync: Sync): void {
    if (!sync.answered) {
      if (sync.kind === 'sync') this.#abandon(sync.inode);
      return;
    }
    this.#synced.add(sync.kind === 'sync' ? `inode ${sync.inode}` : `directory ${sync.path}`);
    const before = this.#pending.filter(({ step, forced }) => step < sync.since && forced !== true);
    const named = new Set(this.model.forced(sync, before).filter(({ abandoned }) => !abandoned));
    const linked = new Set(this.model.linked?.(sync, before));
    if (named.size === 0 && linked.size === 0) return;
    const rest: Pending[] = [];
    const objects = new Set<string>();
    for (const pending of this.#pending) {
      const touched = objectsOf(pending.change);
      const forced = pending.forced === true || named.has(pending);
      if (forced && !touched.some((object) => objects.has(object))) {
        this.#fold(pending);
        continue;
      }
      rest.push(
        forced ? { ...pending, forced } : linked.has(pending) ? { ...pending, linked: true } : pending,
      );
      for (const object of touched) objects.add(object);
    }
    this.#pending = rest;
    this.#forget();
  }

  /** The pages that were dirty while the sync ran count as clean now, though nobody wrote them. */
  #abandon(inode: number): void {
    this.#pending = this.#pending.map((pending) =>
      pending.forced !== true && pending.change.kind === 'write' && pending.change.inode === inode
        ? { ...pending, abandoned: true }
        : pending,
    );
    this.#forget();
  }

  #fold({ change }: Pending): void {
    if (!isDataChange(change)) {
      applyEntryChange(this.#entries, this.#directories, change, KEPT);
      return;
    }
    const before = this.#contents.get(change.inode) ?? Content.EMPTY;
    const applied: AppliedChange = { change, outcome: KEPT, fill: NO_FILL };
    this.#contents.set(change.inode, new Content(applyDataChanges(before.bytes, [applied])));
  }

  #contentOf(inode: number, changes: readonly number[] | undefined, picked: readonly number[]): Content {
    const durable = this.#contents.get(inode) ?? Content.EMPTY;
    if (changes === undefined) return durable;
    let key = '';
    for (const index of changes) key += `${picked[index] ?? 0},`;
    let made = this.#made.get(inode);
    if (made === undefined) this.#made.set(inode, (made = new Map<string, Content>()));
    let content = made.get(key);
    if (content === undefined) {
      const choices = this.choices();
      const applied = changes.flatMap((index): AppliedChange[] => {
        const choice = choices[index];
        if (choice === undefined || !isDataChange(choice.pending.change)) return [];
        const outcome = choice.outcomes[picked[index] ?? 0] ?? KEPT;
        const { step, change } = choice.pending;
        return [
          {
            change,
            outcome,
            fill: (fill, start, length) => this.#fill.bytes(fill, { inode, step, start, length }),
          },
        ];
      });
      const bytes = applyDataChanges(durable.bytes, applied);
      content = bytes === durable.bytes ? durable : new Content(bytes);
      made.set(key, content);
    }
    return content;
  }

  #forget(): void {
    this.#choices = undefined;
    this.#made.clear();
  }
}

/** The inodes that the files of a disk have at the start of a trace: 1, 2, ... in the order of their paths. */
export function inodesOf(disk: Disk): Map<string, number> {
  return new Map([...disk.files.keys()].sort().map((path, index) => [path, index + 1]));
}

/** What a change changes: changes of the same object are folded in their order. */
function objectsOf(change: Change): readonly string[] {
  switch (change.kind) {
    case 'write':
    case 'truncate':
      return [`inode ${change.inode}`];
    case 'rename':
      return [`name ${change.from}`, `name ${change.path}`];
    case 'create':
    case 'unlink':
    case 'mkdir':
      return [`name ${change.path}`];
  }
}

/** The file and the directories whose log knows of a change of a name. */
function logKeysOf(change: EntryChange): readonly string[] {
  const directory = `directory ${directoryOf(change.path)}`;
  if (change.kind === 'mkdir') return [directory];
  const from = change.kind === 'rename' ? [`directory ${directoryOf(change.from)}`] : [];
  return [`inode ${change.inode}`, directory, ...from];
}

function isReachable(path: string, directories: ReadonlySet<string>): boolean {
  for (let parent = directoryOf(path); parent !== ''; parent = directoryOf(parent)) {
    if (!directories.has(parent)) return false;
  }
  return true;
}

const NO_FILL: AppliedChange['fill'] = (_fill, _start, length) => new Uint8Array(length);
