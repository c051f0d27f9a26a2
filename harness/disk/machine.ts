import type { Disk } from './disk.js';
import { posix } from './models/posix.js';
import { PICK_KEPT } from './choices.js';
import { Simulation } from './simulation.js';
import { StepNames, type TraceStep } from './trace.js';

/**
 * A machine between two lives of a process: the disk as it was when the power came on, and all steps since then. The
 * death of a process takes nothing away: what was written stays in the page cache, durable or not. A power loss leaves
 * a disk, and the machine starts from it with no steps.
 */
export interface Machine {
  readonly disk: Disk;
  readonly steps: readonly TraceStep[];
  /** Names of the steps: `<life>:wal/append#3`. */
  readonly names: readonly string[];
}

export function poweredOn(disk: Disk): Machine {
  return { disk, steps: [], names: [] };
}

/** What a process sees on a machine: everything that was done, in order. */
export function visibleDisk({ disk, steps }: Machine): Disk {
  if (steps.length === 0) return disk;
  const simulation = new Simulation(posix, disk);
  for (const step of steps) simulation.advance(step);
  return simulation.state(simulation.choices().map(() => PICK_KEPT));
}

/** Names of steps within one life, `wal/append#3`. */
export function namesOf(steps: readonly TraceStep[]): readonly string[] {
  const names = new StepNames();
  return steps.map(({ label }) => names.next(label));
}

/** The machine after a process of life `life` has done these steps more and died. */
export function afterDeath(machine: Machine, life: number, steps: readonly TraceStep[]): Machine {
  return {
    disk: machine.disk,
    steps: [...machine.steps, ...steps],
    names: [...machine.names, ...namesOf(steps).map((name) => `${life}:${name}`)],
  };
}
