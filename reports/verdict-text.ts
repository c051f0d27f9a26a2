/**
 * What a verdict means, in one sentence, and the shape that stands beside its colour. Used by the page and by the
 * terminal so that both say the same thing. A verdict is about what was tried: the sentence never says more.
 */
import type { Verdict } from '../harness/checker/verdict.js';
import type { RunRecord } from '../harness/run/record.js';
import { counted } from './quantity.js';
import { runTotals } from './totals.js';

/** A shape for each verdict, so that colour alone never carries it. */
export const VERDICT_SHAPE: Readonly<Record<Verdict, string>> = { held: '✓', violated: '✗', unknown: '?' };

/** One sentence: what the verdict of this run means. */
export function verdictSentence(record: RunRecord): string {
  if (record.scenarios.length === 0 && record.gallery !== undefined) return gallerySentence(record.gallery);
  const totals = runTotals(record);
  switch (record.verdict) {
    case 'held':
      if (totals.killsAll === 0) return 'No promise was broken, but no process was killed either.';
      return `Every promise held in ${counted(totals.killsAll, 'kill')}: nothing acknowledged was lost, nothing deleted came back, every directory opened again.`;
    case 'violated': {
      if (record.failures.length === 0)
        return 'The engine broke its promise, but the record holds no failure to show.';
      const scenarios = new Set(record.failures.map((failure) => failure.scenario)).size;
      return `The engine broke its promise: ${counted(record.failures.length, 'failure')} in ${counted(scenarios, 'scenario')}, found in ${counted(totals.killsAll, 'kill')} and minimised below.`;
    }
    case 'unknown': {
      const doubts = record.scenarios.reduce((count, scenario) => count + scenario.doubts.length, 0);
      return `The run cannot say whether the promises hold: ${counted(doubts, 'doubt')} left, no violation proved.`;
    }
  }
}

function gallerySentence(gallery: NonNullable<RunRecord['gallery']>): string {
  const caught = gallery.filter((row) => row.caught).length;
  return caught === gallery.length
    ? `All of ${counted(gallery.length, 'planted bug')} were caught: the harness bites.`
    : `${caught} of ${counted(gallery.length, 'planted bug')} were caught: a green run says nothing about the others.`;
}
