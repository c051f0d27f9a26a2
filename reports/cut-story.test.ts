import { expect, test } from 'vitest';
import { cutStory } from './cut-story.js';
import type { LifeStory, Sentence } from './narrate.js';

// The summary of a long failure once named operation 13 as the proof and showed neither it nor its neighbours.
test('a long history keeps its two ends and the sentences that prove the violation', () => {
  const story = cutStory([life(0, 30, [12]), life(1, 30, [20])], 5);
  expect(numbersOf(story.lives)).toEqual([1, 2, 3, 4, 5, 13, 51, 56, 57, 58, 59, 60]);
  expect(story).toMatchObject({ total: 60, left: 48 });
});

test('of very many proofs the first few are kept', () => {
  const everything = Array.from({ length: 100 }, (_, index) => index);
  expect(numbersOf(cutStory([life(0, 100, everything)], 2).lives)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 99, 100]);
});

test('a short history is told whole', () => {
  const story = cutStory([life(0, 4, []), life(1, 3, [])], 4);
  expect(numbersOf(story.lives)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(story.left).toBe(0);
});

function life(number: number, count: number, proofs: readonly number[]): LifeStory {
  const sentences = Array.from({ length: count }, (_, index): Sentence => ({
    parts: [`event ${index}`],
    tone: 'plain',
    proof: proofs.includes(index),
  }));
  return { life: number, sentences };
}

function numbersOf(lives: ReturnType<typeof cutStory>['lives']): readonly number[] {
  return lives.flatMap(({ sentences }) => sentences.map((sentence) => sentence.number));
}
