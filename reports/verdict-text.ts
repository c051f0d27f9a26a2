/**
 * What a verdict means, in one sentence, and the shape that stands beside its colour. Used by the page and by the
 * terminal so that both say the same thing. A verdict is about what was tried: the sentence never says more.
 */
import type { Verdict } from '../harness/checker/verdict.js';
import type { RunRecord } from '../harness/run/record.js';
import { statesText } from './power-text.js';
import { powerTotals } from './power-totals.js';
import { counted } from './quantity.js';
import { runTotals } from './totals.js';

/** A shape for each verdict, so that colour alone never carries it. */
export const VERDICT_SHAPE: Readonly<Record<Verdict, string>> = { held: '✓', violated: '✗', unknown: '?' };

/** One sentence: what the verdict of this run means. */
export function verdictSentence(record: RunRecord): string {
  if (record.scenarios.length === 0 && record.gallery !== undefined) return gallerySentence(record.gallery);
  const tried = triedText(record);
  switch (record.verdict) {
    case 'held': {
      if (tried === undefined) return 'No promise was broken, but no process was killed either.';
      // Under power loss a write that was acknowledged without a sync may go, so less can be said of all of them.
      const kept = powerTotals(record).tried > 0 ? 'nothing that had to survive' : 'nothing acknowledged';
      return `Every promise held in ${tried}: ${kept} was lost, nothing deleted came back, every directory opened again.`;
    }
    case 'violated': {
      if (record.failures.length === 0)
        return 'The engine broke its promise, but the record holds no failure to show.';
      const scenarios = new Set(record.failures.map((failure) => failure.scenario)).size;
      return `The engine broke its promise: ${counted(record.failures.length, 'failure')} in ${counted(scenarios, 'scenario')}, found in ${tried ?? '0 kills'} and minimised below.`;
    }
    case 'unknown': {
      const doubts = record.scenarios.reduce((count, scenario) => count + scenario.doubts.length, 0);
      const why =
        record.interrupted && doubts === 0 ? 'it was interrupted' : `${counted(doubts, 'doubt')} left`;
      return `The run cannot say whether the promises hold: ${why}, no violation proved.`;
    }
  }
}

/** `3,090 kills and 1,234 distinct disk states under 6 models`, or the half that there was; undefined if neither. */
function triedText(record: RunRecord): string | undefined {
  const kills = runTotals(record).killsAll;
  const power = powerTotals(record);
  const parts = [
    ...(kills > 0 ? [counted(kills, 'kill')] : []),
    ...(power.tried > 0 ? [statesText(power)] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(' and ');
}

function gallerySentence(gallery: NonNullable<RunRecord['gallery']>): string {
  const caught = gallery.filter((row) => row.caught).length;
  const culprits = gallery.flatMap((row) => (row.culprit === undefined ? [] : [row.culprit]));
  const right = culprits.filter((culprit) => culprit.right).length;
  const named =
    culprits.length === 0 ? '' : ` The right culprit was named for ${right} of ${culprits.length}.`;
  return caught === gallery.length
    ? `All of ${counted(gallery.length, 'planted bug')} were caught: the harness bites.${named}`
    : `${caught} of ${counted(gallery.length, 'planted bug')} were caught: a green run says nothing about the others.${named}`;
}
