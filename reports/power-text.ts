/**
 * What power losses came to, as sentences for the page and the terminal. They name what was tried and also what was
 * not: a matrix full of ticks over a sample must not read like a proof.
 */
import type { RunRecord } from '../harness/run/record.js';
import { powerTotals } from './power-totals.js';
import type { PowerTotals } from './power-totals.js';
import { countText, counted, hugeText } from './quantity.js';

/** `1,234 distinct disk states under 6 models`. */
export function statesText(totals: PowerTotals): string {
  return `${counted(totals.distinct, 'distinct disk state')} under ${counted(totals.models, 'model')}`;
}

/** The line of totals, and how they came about; none if no scenario simulated a power loss. */
export function powerSentences(record: RunRecord): readonly string[] {
  const totals = powerTotals(record);
  if (totals.models === 0) return [];
  return [
    `${statesText(totals)}, ${counted(totals.failures, 'violation')}; ${countText(totals.equal)} equal ones skipped; ${untriedText(totals)}.`,
    `${pointsText(totals)}; ${recoveriesText(totals)}${failedSyncsText(totals)}.`,
  ];
}

/** What was layered on the models of a group, in words; '' for nothing. */
export function layerText(layer: string): string {
  if (layer === '') return '';
  return layer === 'fsync-fails' ? 'with failed syncs' : `with ${layer}`;
}

/** Neither number is exact: what is allowed may be a bound, and a sample may draw the same state twice. */
function untriedText(totals: PowerTotals): string {
  if (totals.untried > 0) return `about ${hugeText(totals.untried)} allowed states not tried`;
  return totals.exhaustedPoints < totals.points
    ? 'some allowed states not tried'
    : 'every allowed state was tried';
}

function pointsText(totals: PowerTotals): string {
  return totals.exhaustedPoints < totals.points
    ? `Every state was tried at ${countText(totals.exhaustedPoints)} of ${counted(totals.points, 'point')}, a sample at the others`
    : `Every state was tried at all of ${counted(totals.points, 'point')}`;
}

function recoveriesText(totals: PowerTotals): string {
  const [, ...deeper] = totals.depths;
  const again = deeper.reduce((total, recoveries) => total + recoveries, 0);
  const recoveries = counted(totals.recoveries, 'recovery', 'recoveries');
  return again === 0
    ? `${recoveries}, none after a crash of a recovery`
    : `${recoveries}, ${countText(again)} of them after a crash of a recovery (to depth ${totals.depths.length})`;
}

function failedSyncsText(totals: PowerTotals): string {
  return totals.withFailedSyncs || totals.failedSyncs > 0
    ? `; ${counted(totals.failedSyncs, 'failed sync')} struck`
    : '';
}
