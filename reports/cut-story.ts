/**
 * A told history cut to its beginning, its end and its proof, with its sentences numbered through. The beginning
 * says what was promised and the end what came of it; of the middle of a long history only the operations that
 * prove the violation are needed.
 */
import type { LifeStory, Sentence } from './narrate.js';

export interface NumberedSentence extends Sentence {
  /** From 1, through all lives, as if nothing had been cut. */
  readonly number: number;
}

export interface CutStory {
  /** Lives that have a sentence left. */
  readonly lives: readonly { readonly life: number; readonly sentences: readonly NumberedSentence[] }[];
  /** Sentences that there were before anything was cut. */
  readonly total: number;
  /** Sentences that were left out. */
  readonly left: number;
}

/** Keeps the first and the last `keptAtEachEnd` sentences, and the first few proofs between them. */
export function cutStory(lives: readonly LifeStory[], keptAtEachEnd: number): CutStory {
  const total = lives.reduce((count, life) => count + life.sentences.length, 0);
  let number = 0;
  let proofs = 0;
  const cut = lives.map(({ life, sentences }) => ({
    life,
    sentences: sentences
      .map((sentence): NumberedSentence => ({ ...sentence, number: ++number }))
      .filter((sentence) => {
        if (sentence.number <= keptAtEachEnd || sentence.number > total - keptAtEachEnd) return true;
        return sentence.proof && ++proofs <= PROOFS_BETWEEN_MAX;
      }),
  }));
  return {
    lives: cut.filter((life) => life.sentences.length > 0),
    total,
    left: total - cut.reduce((count, life) => count + life.sentences.length, 0),
  };
}

const PROOFS_BETWEEN_MAX = 6;
