/** Columns for a terminal: cells padded to the widest of their column, two spaces between columns. */

import type { createColors } from 'picocolors';

/** picocolors, switched on or off. */
export type Colours = ReturnType<typeof createColors>;

/** Characters in a line of the summary. */
export const SUMMARY_WIDTH = 100;

export interface TextColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** One line a row, the titles first. Widths count characters; cells must not hold terminal escapes. */
export function tableLines(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  return [columns.map((column) => column.title), ...rows].map((cells) =>
    columns
      .map((column, index) => {
        const cell = cells[index] ?? '';
        const width = widths[index] ?? 0;
        return column.align === 'left' ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** `line` cut to `width` characters, with an ellipsis as the last of them. */
export function cutLine(line: string, width: number): string {
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

/** `text` in lines of at most `SUMMARY_WIDTH` characters, broken at spaces; a longer word is cut. */
export function wrapWords(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > SUMMARY_WIDTH) {
      lines.push(line);
      line = '';
    }
    line = cutLine(line === '' ? word : `${line} ${word}`, SUMMARY_WIDTH);
  }
  return [...lines, line];
}
