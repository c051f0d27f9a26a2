/**
 * A told history cut to its beginning and its end, with its sentences numbered through. The beginning says what was
 * promised and the end what came of it; the middle of a long history is what a reader can do without.
 */
import type { LifeStory, Sentence } from './narrate.js';

export interface NumberedSentence extends Sentence {
  /** From 1, through all lives, as if nothing had been cut. */
  readonly number: number;
}

export interface CutStory {
  /** Lives that have a sentence left. */
  readonly lives: readonly { readonly life: number; readonly sentences: readonly NumberedSentence[] }[];
  /** Sentences before the cut. */
  readonly total: number;
  /** Sentences that were left out. */
  readonly left: number;
}

/** Keeps the first and the last `keptAtEachEnd` sentences. */
export function cutStory(lives: readonly LifeStory[], keptAtEachEnd: number): CutStory {
  const total = lives.reduce((count, life) => count + life.sentences.length, 0);
  let number = 0;
  const cut = lives.map(({ life, sentences }) => ({
    life,
    sentences: sentences
      .map((sentence): NumberedSentence => ({ ...sentence, number: ++number }))
      .filter((sentence) => sentence.number <= keptAtEachEnd || sentence.number > total - keptAtEachEnd),
  }));
  return {
    lives: cut.filter((life) => life.sentences.length > 0),
    total,
    left: Math.max(0, total - 2 * keptAtEachEnd),
  };
}
