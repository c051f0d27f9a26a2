import type { Environment } from '../environment.js';
import { type DatabaseFile, pathOf } from '../filenames.js';
import type { StepLabel } from '../vfs/step.js';

/**
 * Deletes files that no catalog names any more, in the background, in the order in which they became unnamed.
 * The deletions are not synced: a file that comes back after a power loss is an orphan, and recovery removes it.
 */
export class Garbage {
  private readonly environment: Environment;
  private readonly queue: DatabaseFile[] = [];
  private readonly onDelete: (file: DatabaseFile) => void;

  constructor(environment: Environment, onDelete: (file: DatabaseFile) => void) {
    this.environment = environment;
    this.onDelete = onDelete;
  }

  add(files: readonly DatabaseFile[]): void {
    this.queue.push(...files);
  }

  /** Deletes one file; false if there was none to delete. */
  async deleteNext(): Promise<boolean> {
    await this.environment.pause();
    const file = this.queue[0];
    if (file === undefined) return false;
    this.onDelete(file);
    this.environment.vfs.unlink(pathOf(file), labelOf(file));
    this.queue.shift();
    return true;
  }

  /** Paths that wait for their deletion, sorted. */
  waiting(): readonly string[] {
    return this.queue.map(pathOf).sort();
  }
}

function labelOf(file: DatabaseFile): StepLabel {
  switch (file.kind) {
    case 'wal':
      return 'gc/wal.unlink';
    case 'table':
      return 'gc/sst.unlink';
    case 'bloom':
      return 'gc/bloom.unlink';
    case 'manifest':
    case 'manifest-tmp':
      return 'gc/manifest.unlink';
  }
}
