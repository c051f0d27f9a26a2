import type { PowerMoment } from '../faults/power-ending.js';

/** Moments of a recorded life as endings say them. */

/** Right before the step of this name (`wal/append#3`), or when nothing is left to do. */
export function momentBeforeStep(name: string | undefined): PowerMoment {
  if (name === undefined) return { kind: 'idle' };
  const [label = '', occurrence = '1'] = name.split('#');
  return { kind: 'before', label: label as TraceLabel, occurrence: Number(occurrence) };
}

/** The text of a kill at this moment. */
export function killText(moment: PowerMoment): string {
  return moment.kind === 'idle' ? 'kill idle' : `kill ${moment.kind} ${moment.label} #${moment.occurrence}`;
}

/** The text of a kill in the middle of the write of this name, with so many bytes done. */
export function killInsideText(name: string, bytes: number): string {
  const [label = '', occurrence = '1'] = name.split('#');
  return `kill inside ${label} #${occurrence} @${bytes}`;
}

type TraceLabel = Extract<PowerMoment, { readonly kind: 'before' | 'after' }>['label'];
