import { type Environment, nodeEnvironment, NodeVfs, type Vfs } from '../../engine/index.js';
import { type Recording, RecordingVfs } from '../disk/recording-vfs.js';
import type { KillAtStep } from '../faults/kill.js';
import { StepVfs } from '../faults/step-vfs.js';
import { stream } from '../random.js';
import type { OpenRequest } from './protocol.js';
import { TurnVfs } from './turn-vfs.js';
import type { Turns } from './turns.js';

/**
 * The environment that an engine child runs in. Real-time: the machine's own. Exact: the same disk and the same
 * system calls, but syncs run inline, and they, the pauses of background work and the timers complete in the order
 * that the turns give. Both count the steps and die where the plan says.
 */
export function childEnvironment(
  request: OpenRequest,
  turns: Turns,
  kill: KillAtStep,
  recording: Recording | undefined,
): Environment {
  const recorded = (vfs: Vfs): Vfs => (recording === undefined ? vfs : new RecordingVfs(vfs, recording));
  const random = stream(request.seed, 'engine');
  const randomUint32 = (): number => random.uint32();
  if (request.mode === 'real-time') {
    const environment = nodeEnvironment(request.directory);
    return { ...environment, vfs: recorded(new StepVfs(environment.vfs, kill)), randomUint32 };
  }
  let nowMs = 0;
  return {
    vfs: recorded(new TurnVfs(new StepVfs(new NodeVfs(request.directory, 'inline'), kill), turns)),
    clock: {
      nowMs: () => nowMs++,
      after: (_delayMs, run) => turns.parkTimer(run),
    },
    randomUint32,
    pause: () => turns.park(() => undefined),
  };
}
