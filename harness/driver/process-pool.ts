import type { Target } from '../targets/target.js';
import { EngineProcess } from './engine-process.js';

/**
 * Children of one target, started ahead: while one works the next is already loading, so a kill cycle does not
 * wait for a process to start. A child that closed its engine can be given back and serves another life.
 */
export class ProcessPool {
  private readonly target: Target;
  private readonly spares: number;
  private readonly ready: EngineProcess[] = [];
  private readonly alive = new Set<EngineProcess>();
  private closed = false;
  spawned = 0;

  constructor(target: Target, spares: number) {
    this.target = target;
    this.spares = spares;
  }

  take(): EngineProcess {
    if (this.closed) throw new Error('Expected an open pool, got one that was closed.');
    const process = this.ready.shift() ?? this.spawn();
    while (this.ready.length < this.spares) this.ready.push(this.spawn());
    return process;
  }

  /** Takes back a child whose engine is closed. */
  giveBack(process: EngineProcess): void {
    if (this.closed) process.kill();
    else this.ready.unshift(process);
  }

  /** Kills every child that is left and waits until all are gone. */
  async close(): Promise<void> {
    this.closed = true;
    const left = [...this.alive];
    for (const process of left) process.kill();
    await Promise.all(left.map((process) => process.death));
  }

  private spawn(): EngineProcess {
    this.spawned++;
    const process = new EngineProcess(this.target.childPath);
    this.alive.add(process);
    void process.death.then(() => {
      this.alive.delete(process);
      const index = this.ready.indexOf(process);
      if (index >= 0) this.ready.splice(index, 1);
    });
    return process;
  }
}
