import { expect, test } from 'vitest';
import type { Answer } from './answers.js';
import { playFile, type PlayOptions } from './play-file.js';
import type { Away } from './retry.js';
import { parseValidationFile, type ValidationLine } from './validation-file.js';

const parse = (...lines: string[]) => parseValidationFile(lines.join('\n'), 'x.txt');
const DONE: Answer = { kind: 'done' };
const AWAY: Away = { kind: 'away', why: 'refused' };

/** Plays lines whose answers this function gives; `most` is how many were under way at once. */
async function play(
  lines: readonly string[],
  ask: PlayOptions['ask'],
  options: Partial<Pick<PlayOptions, 'concurrency' | 'signal'>> = {},
) {
  const asked: number[] = [];
  const right: number[] = [];
  let under = 0;
  let most = 0;
  const end = await playFile(parse(...lines), {
    concurrency: 4,
    signal: new AbortController().signal,
    ...options,
    ask: async (line, signal) => {
      asked.push(line.line);
      most = Math.max(most, ++under);
      const answer = await ask(line, signal);
      under -= 1;
      return answer;
    },
    onRight: ({ line }) => right.push(line),
  });
  return { end, asked, right, most };
}

const puts = (count: number) => Array.from({ length: count }, (_, index) => `PUT k${index} v`);
const later = async () => {
  await new Promise((resolve) => setImmediate(resolve));
  return DONE;
};

test('without barriers the lines run in turn', async () => {
  const { end, right, most } = await play(puts(10), later);
  expect(end).toEqual({ kind: 'right' });
  expect(most).toBe(1);
  expect(right).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('with barriers the lines of a block run in parallel, as many as allowed', async () => {
  const { end, most } = await play([...puts(10), 'BARRIER', ...puts(2)], later, { concurrency: 3 });
  expect(end).toEqual({ kind: 'right' });
  expect(most).toBe(3);
});

test('a block begins when the one before is answered', async () => {
  const answered = new Set<number>();
  const lines = ['PUT a 1', 'PUT b 1', 'PUT c 1', 'BARRIER', 'PUT d 1', 'BARRIER', 'PUT e 1'];
  const { asked } = await play(lines, async ({ line }) => {
    const before = { 5: 3, 7: 4 }[line] ?? 0;
    expect(answered.size).toBeGreaterThanOrEqual(before);
    // The first line of the block is the last to be answered.
    if (line === 1) await later().then(later);
    answered.add(line);
    return DONE;
  });
  expect(asked).toEqual([1, 2, 3, 5, 7]);
});

test('a wrong answer ends it, and what is under way is aborted', async () => {
  let aborted = 0;
  const lines = ['GET a 1', 'GET b 1', 'GET c 1', 'BARRIER', 'GET d 1'];
  const { end, asked } = await play(
    lines,
    async (line, signal) => {
      if (line.kind === 'get' && line.key === 'b') return { kind: 'value', value: '2' };
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      aborted += 1;
      return AWAY;
    },
    { concurrency: 2 },
  );
  expect(end).toEqual({
    kind: 'wrong',
    wrong: { line: 2, column: 7, request: 'GET b', expected: '1', got: '2' },
  });
  expect(asked).toEqual([1, 2]);
  expect(aborted).toBe(1);
});

test('of two wrong answers the one that stands first in the file is given', async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const ask = async (line: ValidationLine): Promise<Answer> => {
    if (line.line === 1) await released;
    else release();
    return { kind: 'value', value: '2' };
  };
  const { end } = await play(['GET a 1', 'GET b 1', 'BARRIER'], ask);
  expect(end).toMatchObject({ kind: 'wrong', wrong: { line: 1 } });
});

test('a line that is not answered ends it', async () => {
  const { end, asked } = await play(puts(3), async ({ line }) => (line === 2 ? AWAY : DONE));
  expect(end).toEqual({ kind: 'away', line: 2, why: 'refused' });
  expect(asked).toEqual([1, 2]);
});

test('a signal reaches what is under way', async () => {
  const controller = new AbortController();
  const { end } = await play(
    puts(3),
    async (_, signal) => {
      controller.abort();
      return signal.aborted ? AWAY : DONE;
    },
    { signal: controller.signal },
  );
  expect(end).toEqual({ kind: 'away', line: 1, why: 'refused' });
});

test('an empty file is right', async () => {
  expect((await play([], later)).end).toEqual({ kind: 'right' });
});
