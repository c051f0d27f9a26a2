/**
 * Which lives an injected I/O error has struck, and when. What goes wrong in such a life from then on may come from
 * the error; what it answered still counts, and so does everything in other lives.
 */
import type { HistoryEvent } from '../history/event.js';

export interface FaultedLives {
  /** True if an error had struck the life before this place of the history. */
  struckBefore(life: number, place: number): boolean;
  /** The errors that had struck the life before this place, as text; empty if there were none. */
  textBefore(life: number, place: number): string;
}

/** The faults of a history. Places are indexes into it. */
export function faultedLives(history: readonly HistoryEvent[]): FaultedLives {
  const faults = history.flatMap((event, place) =>
    event.kind === 'fault' ? [{ life: event.life, place, fault: event.fault }] : [],
  );
  const before = (life: number, place: number): typeof faults =>
    faults.filter((fault) => fault.life === life && fault.place < place);
  return {
    struckBefore: (life, place) => before(life, place).length > 0,
    textBefore: (life, place) =>
      before(life, place)
        .map(({ fault }) => fault)
        .join('\n'),
  };
}
