/** One failure for the terminal: its first violation, its culprit, some 15 lines of history, and the command to see it again. */
import type { FailureRecord } from '../harness/run/record.js';
import { cutStory } from './cut-story.js';
import { narrateFailure, sentenceText } from './narrate.js';
import { countText } from './quantity.js';
import { culpritLines } from './text-culprit.js';
import { SUMMARY_WIDTH, cutLine, wrapWords } from './text-table.js';
import type { Colours } from './text-table.js';
import { visibleText } from './visible-text.js';

/** Shown at the beginning and again at the end; between them stand what proves the violation and what was left out. */
const SENTENCES_AT_EACH_END = 7;
const MESSAGE_SHOWN_MAX = 400;

/** Lines of failure `number` (from 1). */
export function failureLines(failure: FailureRecord, number: number, colours: Colours): readonly string[] {
  const [first] = failure.violations;
  const others = failure.violations.length - 1;
  return [
    colours.bold(colours.red(`✗ failure ${number}: ${visibleText(failure.scenario, 60)}`)),
    ...(first === undefined
      ? ['The record names no violation.']
      : wrapWords(`${first.kind}: ${visibleText(first.message, MESSAGE_SHOWN_MAX)}`)),
    ...(others > 0 ? [colours.dim(`and ${countText(others)} more of its violations in the report`)] : []),
    ...(failure.culprit === undefined ? [] : culpritLines(failure.culprit, colours)),
    ...historyLines(failure, colours),
    `${colours.dim('replay')}  ${visibleText(failure.command, 20_000)}`,
    `${colours.dim('case')}    ${visibleText(failure.caseFile)}`,
  ];
}

function historyLines(failure: FailureRecord, colours: Colours): readonly string[] {
  const story = cutStory(narrateFailure(failure), SENTENCES_AT_EACH_END);
  const lines: string[] = [];
  let expected = 1;
  for (const { life, sentences } of story.lives) {
    for (const sentence of sentences) {
      if (sentence.number !== expected) {
        lines.push(colours.dim(`  … ${countText(sentence.number - expected)} more in the case file`));
      }
      expected = sentence.number + 1;
      const mark = sentence.proof ? '◆' : ' ';
      const line = cutLine(`${mark} life ${life}  ${sentenceText(sentence)}`, SUMMARY_WIDTH);
      lines.push(sentence.tone === 'killed' || sentence.proof ? colours.bold(line) : line);
    }
  }
  return lines;
}
