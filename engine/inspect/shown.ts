import { jsonLine, plainText } from './byte-text.js';
import { type Finding, findingText, toFault } from './finding.js';

/**
 * A piece of what an inspection shows, in both forms: lines for people, one JSON object for programs. Made only in the
 * form that is asked for, so that a large file costs no more than it must.
 */
export interface Shown {
  /** One or more lines of printable ASCII. */
  text(): string;
  /** Keys and values are base64. */
  json(): object;
}

/** A piece as lines, without the last newline. */
export function linesOf(shown: Shown, form: 'text' | 'json'): string {
  return form === 'json' ? jsonLine(shown.json()) : shown.text().split('\n').map(plainText).join('\n');
}

export function showFinding(finding: Finding): Shown {
  return { text: () => findingText(finding), json: () => finding };
}

/** Runs one step of an inspection; damage and errors of the platform become a fault that is shown, and undefined. */
export function* showFaults<Result>(
  file: string,
  offset: number,
  action: () => Result,
): Generator<Shown, Result | undefined> {
  try {
    return action();
  } catch (error) {
    yield showFinding(toFault(file, offset, error));
    return undefined;
  }
}
