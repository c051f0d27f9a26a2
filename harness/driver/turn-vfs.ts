import type { StepLabel, Vfs, VfsFile } from '../../engine/index.js';
import type { Turns } from './turns.js';

/** A layer that lets every sync wait for its turn; the call below happens when the turn comes. */
export class TurnVfs implements Vfs {
  private readonly inner: Vfs;
  private readonly turns: Pick<Turns, 'park'>;
  readonly rename: Vfs['rename'];
  readonly unlink: Vfs['unlink'];
  readonly list: Vfs['list'];
  readonly makeDirectory: Vfs['makeDirectory'];
  readonly lock: Vfs['lock'];

  constructor(inner: Vfs, turns: Pick<Turns, 'park'>) {
    this.inner = inner;
    this.turns = turns;
    this.rename = inner.rename.bind(inner);
    this.unlink = inner.unlink.bind(inner);
    this.list = inner.list.bind(inner);
    this.makeDirectory = inner.makeDirectory.bind(inner);
    this.lock = inner.lock.bind(inner);
  }

  create: Vfs['create'] = (path, label) => this.turned(this.inner.create(path, label));
  open: Vfs['open'] = (path, label) => this.turned(this.inner.open(path, label));

  syncDirectory(path: string, label: StepLabel): Promise<void> {
    return this.turns.park(() => this.inner.syncDirectory(path, label));
  }

  private turned(file: VfsFile): VfsFile {
    return {
      path: file.path,
      append: file.append.bind(file),
      read: file.read.bind(file),
      size: file.size.bind(file),
      truncate: file.truncate.bind(file),
      sync: (label) => this.turns.park(() => file.sync(label)),
      close: file.close.bind(file),
    };
  }
}
