import { setMaxListeners } from 'node:events';
import { type Answer, type WrongAnswer, wrongAnswer } from './answers.js';
import type { Away } from './retry.js';
import type { ValidationFile, ValidationLine } from './validation-file.js';

/**
 * Plays a validation file: in turn without barriers, otherwise block by block, the lines of a block in parallel. A
 * block begins when every line of the one before is answered. The first wrong answer ends it; of several that were
 * found at once, the one that stands first in the file is given.
 */
export interface PlayOptions {
  /** Asks until there is an answer. Must not reject. */
  readonly ask: (line: ValidationLine, signal: AbortSignal) => Promise<Answer | Away>;
  /** Lines of a block that are under way at a time, 1 or more. */
  readonly concurrency: number;
  /** Called for each line that is answered and right. */
  readonly onRight: (line: ValidationLine) => void;
  /** Ends the play: the outcome is then 'away'. */
  readonly signal: AbortSignal;
}

export type PlayEnd =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly wrong: WrongAnswer }
  /** A line was not answered. */
  | { readonly kind: 'away'; readonly line: number; readonly why: string };

/** Plays until everything is answered, or something is wrong or away. Never rejects. */
export async function playFile(file: ValidationFile, options: PlayOptions): Promise<PlayEnd> {
  const concurrency = file.hasBarriers ? options.concurrency : 1;
  for (const block of file.blocks) {
    const end = await playBlock(block, { ...options, concurrency });
    if (end.kind !== 'right') return end;
  }
  return { kind: 'right' };
}

async function playBlock(
  block: readonly ValidationLine[],
  { ask, concurrency, signal, onRight }: PlayOptions,
): Promise<PlayEnd> {
  const ends: Exclude<PlayEnd, { readonly kind: 'right' }>[] = [];
  const failed = new AbortController();
  // Every line that is under way listens.
  setMaxListeners(0, failed.signal);
  const abort = () => failed.abort();
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  let next = 0;
  const work = async () => {
    for (let line = block[next]; line !== undefined && ends.length === 0; line = block[next]) {
      next += 1;
      const end = judge(line, await ask(line, failed.signal));
      if (end === undefined) {
        onRight(line);
        continue;
      }
      ends.push(end);
      abort();
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, block.length) }, work));
  signal.removeEventListener('abort', abort);
  const wrong = ends.flatMap((end) => (end.kind === 'wrong' ? [end] : []));
  wrong.sort((left, right) => left.wrong.line - right.wrong.line);
  // Lines that a wrong answer elsewhere aborted are away, too; they come after the one that is the reason.
  return wrong[0] ?? ends[0] ?? { kind: 'right' };
}

function judge(line: ValidationLine, answer: Answer | Away): Exclude<PlayEnd, { kind: 'right' }> | undefined {
  if (answer.kind === 'away') return { kind: 'away', line: line.line, why: answer.why };
  const wrong = wrongAnswer(line, answer);
  return wrong === undefined ? undefined : { kind: 'wrong', wrong };
}
