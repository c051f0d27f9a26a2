import { AbstractSnapshot } from 'abstract-level';
import type { Engine, ReadOptions, Snapshot } from '../index.js';

/**
 * An explicit snapshot: a snapshot of the engine that is released when it is closed. abstract-level counts its readers,
 * and closes it with the database.
 */
export class LevelSnapshot extends AbstractSnapshot {
  readonly view: Snapshot;

  /** `options` come from abstract-level and name the owner, which its types do not say. */
  constructor(engine: Engine, options: object) {
    const view = engine.snapshot();
    super(...([options] as unknown as []));
    this.view = view;
  }

  protected async _close(): Promise<void> {
    this.view.release();
  }
}

/** The option for the engine. Throws a TypeError for a snapshot of another implementation. */
export function readAt(snapshot: AbstractSnapshot | null | undefined): ReadOptions {
  if (snapshot === undefined || snapshot === null) return {};
  if (snapshot instanceof LevelSnapshot) return { snapshot: snapshot.view };
  throw new TypeError('Expected a snapshot of this database, got one of another kind; use db.snapshot().');
}
