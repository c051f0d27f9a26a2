import {
  type Environment,
  nodeEnvironment,
  NodeVfs,
  type StepLabel,
  type Vfs,
  type VfsFile,
} from '../../engine/index.js';
import type { KillAtStep } from '../faults/kill.js';
import { StepVfs } from '../faults/step-vfs.js';
import { stream } from '../random.js';
import type { OpenRequest } from './protocol.js';
import type { Turns } from './turns.js';

/**
 * The environment that an engine child runs in. Real-time: the machine's own. Exact: the same disk and the same
 * system calls, but syncs run inline, and they, the pauses of background work and the timers complete in the order
 * that the turns give. Both count the steps and die where the plan says.
 */
export function childEnvironment(request: OpenRequest, turns: Turns, kill: KillAtStep): Environment {
  const random = stream(request.seed, 'engine');
  const randomUint32 = (): number => random.uint32();
  if (request.mode === 'real-time') {
    const environment = nodeEnvironment(request.directory);
    return { ...environment, vfs: new StepVfs(environment.vfs, kill), randomUint32 };
  }
  let nowMs = 0;
  return {
    vfs: new TurnVfs(new StepVfs(new NodeVfs(request.directory, 'inline'), kill), turns),
    clock: {
      nowMs: () => nowMs++,
      after: (_delayMs, run) => turns.parkTimer(run),
    },
    randomUint32,
    pause: () => turns.park(() => undefined),
  };
}

/** A layer that lets every sync wait for its turn; the system call itself happens when the turn comes. */
class TurnVfs implements Vfs {
  private readonly inner: Vfs;
  private readonly turns: Turns;
  readonly rename: Vfs['rename'];
  readonly unlink: Vfs['unlink'];
  readonly list: Vfs['list'];
  readonly makeDirectory: Vfs['makeDirectory'];
  readonly lock: Vfs['lock'];

  constructor(inner: Vfs, turns: Turns) {
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
