/** Colours of verdicts in the terminal. Text is padded first and painted then, because escapes have no width. */
import type { Verdict } from '../harness/checker/verdict.js';
import type { Colours } from './text-table.js';

/** `text` in the colour of a verdict. */
export function paint(verdict: Verdict, text: string, colours: Colours): string {
  switch (verdict) {
    case 'held':
      return colours.green(text);
    case 'violated':
      return colours.red(text);
    case 'unknown':
      return colours.yellow(text);
  }
}

/** Lines of a table with the first column of each row in the colour of its verdict, and the titles dim. */
export function paintRows(
  lines: readonly string[],
  verdicts: readonly Verdict[],
  colours: Colours,
): readonly string[] {
  return lines.map((line, index) => {
    const verdict = verdicts[index - 1];
    if (verdict === undefined) return colours.dim(line);
    const end = line.indexOf('  ');
    return paint(verdict, line.slice(0, end), colours) + line.slice(end);
  });
}
