import type { Machine } from '../disk/machine.js';
import { encodeTrace } from '../disk/trace-file.js';
import type { HistoryEvent } from '../history/event.js';
import type { RecordedLife } from './record-life.js';

/**
 * The trace file of a life in memory, up to its end: the steps of the machine since its power came on, and the events of
 * the life as marks. How the life ended comes last.
 */
export function lifeTrace(
  machine: Machine,
  recorded: RecordedLife,
  cut: { readonly events: readonly HistoryEvent[]; readonly position: number },
): Uint8Array {
  const before = machine.steps.length;
  const end = before + cut.position;
  const marks = cut.events.map((event) => {
    const position = recorded.positions[recorded.events.indexOf(event)];
    // What a step itself gave rise to has a position between two steps, and stands behind it.
    const step = position === undefined ? end : Math.min(end, before + Math.ceil(position));
    return { step, text: JSON.stringify(event) };
  });
  const steps = [...machine.steps, ...recorded.steps.slice(0, cut.position)];
  return encodeTrace({ steps, marks }, machine.disk);
}
