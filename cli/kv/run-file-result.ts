import type { RunEnd, RunOutcome } from '../../engine/validation/run-file.js';
import type { ServerDeath } from '../../engine/validation/killed-server.js';
import { NOT_STARTED } from '../../engine/validation/server-process.js';
import { EXIT_UNKNOWN, EXIT_USAGE } from '../exit-code.js';

/** What `kv run-file` prints at its end, as text and as JSON, and its exit code. */
export interface RunResult extends RunOutcome {
  /** Path of the validation file. */
  readonly file: string;
  readonly durationMs: number;
}

/** One line that says how it ended, one with the counts. */
export function runText(result: RunResult): string {
  const { lines, answersChecked, retries, kills, durationMs } = result;
  const counts = [
    counted(lines, 'line run', 'lines run'),
    counted(answersChecked, 'answer checked', 'answers checked'),
    counted(retries, 'retry', 'retries'),
    counted(kills, 'kill', 'kills'),
    `${(durationMs / 1_000).toFixed(1)} s`,
  ];
  return `${endText(result)}\n${counts.join(', ')}\n`;
}

/** One line of JSON; `message` says in words what `end` says as data. */
export function runJson(result: RunResult): string {
  return `${JSON.stringify({ ...result, message: endText(result) })}\n`;
}

/**
 * 0 every answer was right; 1 a wrong answer, or a server that broke down, did not open again or found damage; 2 one
 * that never began because of wrong use; 3 one of which nothing is known.
 */
export function runExitCode(end: RunEnd): number {
  switch (end.kind) {
    case 'right':
      return 0;
    case 'wrong':
      return 1;
    case 'died':
      return deathExitCode(end.death);
    case 'away':
    case 'interrupted':
      return EXIT_UNKNOWN;
  }
}

/** `kv serve` ends with 0 only when it is asked to, here by somebody else, and with 3 when its disk fails. */
function deathExitCode({ end, kills, wasReady }: ServerDeath): number {
  if (end.kind !== 'exit' || [0, EXIT_UNKNOWN, NOT_STARTED].includes(end.code)) return EXIT_UNKNOWN;
  const hasBegun = wasReady || kills > 0;
  return end.code === EXIT_USAGE && !hasBegun ? EXIT_USAGE : 1;
}

function endText({ end, file }: RunResult): string {
  switch (end.kind) {
    case 'right':
      return '✓ every answer was right';
    case 'wrong': {
      const { line, column, request, expected, got } = end.wrong;
      return `✗ ${file}:${line}:${column}: ${request}: expected ${expected}, got ${got}`;
    }
    case 'died':
      return `✗ the server ended ${deathText(end.death)}`;
    case 'away':
      return `? ${file}:${end.line}: the server stayed away: ${end.why}`;
    case 'interrupted':
      return '? interrupted';
  }
}

function deathText({ end, kills, wasReady }: ServerDeath): string {
  const when = wasReady ? 'while it served' : kills > 0 ? 'when it was started again' : 'when it was started';
  const after = kills > 0 ? `, after ${counted(kills, 'kill', 'kills')}` : '';
  switch (end.kind) {
    case 'exit':
      return `by itself ${when}${after}, with exit code ${end.code}: ${end.stderr}`;
    case 'signal':
      return `${when}${after}, by ${end.signal}, which was not sent from here`;
    case 'stuck':
      return `only by force${after}: it did not end on SIGTERM`;
    case 'killed':
    case 'stopped':
      return `${when}${after}`;
  }
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
