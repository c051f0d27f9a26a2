/**
 * How a life ends, as a value that prints itself and parses back:
 *
 *     close                              asked to close, and closed
 *     kill idle                          killed when every operation was answered
 *     kill at 12.5ms                     killed by its parent after a time; not replayable
 *     kill before manifest/rename #2     killed by itself at the second such step: before it, or after it
 *     kill inside wal/append #17 @5      ... or in a write of which five bytes are done
 *
 *     power posix after wal/fsync #3     the machine loses its power, see power-ending.ts
 *
 * The text is what cases and tokens hold. I/O errors and corruption are not endings.
 */
import { STEP_LABELS, type StepLabel } from '../../engine/vfs/step.js';
import { FaultError } from './fault-error.js';
import { nearest } from './nearest.js';
import { formatPowerEnding, parsePowerEnding, type PowerEnding } from './power-ending.js';

export type Ending =
  | { readonly kind: 'close' }
  | { readonly kind: 'kill-idle' }
  /** 0 to one hour, fractions allowed, counted from the start of the life. */
  | { readonly kind: 'kill-after-ms'; readonly afterMs: number }
  | KillAtStep
  | PowerEnding;

export { FaultError } from './fault-error.js';

export type KillAtStep =
  | {
      readonly kind: 'kill-at-step';
      readonly moment: 'before' | 'after';
      readonly label: StepLabel;
      /** Which step of this label in the life, counted from 1. */
      readonly occurrence: number;
    }
  | {
      readonly kind: 'kill-at-step';
      readonly moment: 'inside';
      /** One that `canCut`. */
      readonly label: StepLabel;
      readonly occurrence: number;
      /** Bytes of the write that are done before death. */
      readonly bytes: number;
    };

/** The text of an ending; `parseEnding` reads it back. */
export function formatEnding(ending: Ending): string {
  switch (ending.kind) {
    case 'close':
      return 'close';
    case 'kill-idle':
      return 'kill idle';
    case 'kill-after-ms':
      return `kill at ${ending.afterMs}ms`;
    case 'power':
      return formatPowerEnding(ending);
    case 'kill-at-step': {
      const point = `kill ${ending.moment} ${ending.label} #${ending.occurrence}`;
      return ending.moment === 'inside' ? `${point} @${ending.bytes}` : point;
    }
  }
}

/**
 * The ending that a text describes. Throws FaultError: 'unknown-fault' if it is none of the forms above,
 * 'unknown-step' for a label that is no step or (inside) no write, 'bad-number' for a number out of range.
 */
export function parseEnding(text: string): Ending {
  if (text === 'close') return { kind: 'close' };
  if (text === 'kill idle') return { kind: 'kill-idle' };
  if (text.startsWith('power ')) return parsePowerEnding(text);
  const timed = /^kill at (\S+)ms$/.exec(text);
  if (timed !== null) return { kind: 'kill-after-ms', afterMs: parseMilliseconds(timed[1] ?? '', text) };
  const atStep = /^kill (before|after|inside) (\S+) #(\S+)(?: @(\S+))?$/.exec(text);
  const [, moment, name = '', occurrenceText = '', bytesText] = atStep ?? [];
  if (moment === undefined || (moment === 'inside') !== (bytesText !== undefined)) throw unknownFault(text);
  const label = parseLabel(name, moment === 'inside' ? STEP_LABELS.filter(canCut) : STEP_LABELS, text);
  const occurrence = parseCount(occurrenceText, 1, 'the number after #', text);
  if (bytesText === undefined) {
    return { kind: 'kill-at-step', moment: moment === 'before' ? 'before' : 'after', label, occurrence };
  }
  const bytes = parseCount(bytesText, 0, 'the number of bytes after @', text);
  return { kind: 'kill-at-step', moment: 'inside', label, occurrence, bytes };
}

/** True for the steps that write bytes, and so can be cut in the middle. */
export function canCut(label: StepLabel): boolean {
  return label.endsWith('.write') || label === 'wal/header' || label === 'wal/append';
}

const MILLISECONDS_MAX = 3_600_000;

function parseMilliseconds(digits: string, text: string): number {
  const milliseconds = /^\d+(\.\d+)?(e-\d+)?$/.test(digits) ? Number(digits) : Number.NaN;
  if (milliseconds <= MILLISECONDS_MAX) return milliseconds;
  throw new FaultError(
    'bad-number',
    `Expected a time of 0 to ${MILLISECONDS_MAX} ms, as in "kill at 12.5ms", got ${quote(text)}.`,
  );
}

function parseLabel(name: string, expected: readonly StepLabel[], text: string): StepLabel {
  const label = expected.find((candidate) => candidate === name);
  if (label !== undefined) return label;
  const step =
    expected.length === STEP_LABELS.length ? 'a step' : 'a step that writes, as only writes can be cut';
  throw new FaultError(
    'unknown-step',
    `Expected ${step}, got ${quote(name)} in ${quote(text)}; did you mean ${nearest(name, expected)}?`,
  );
}

function parseCount(digits: string, countMin: number, what: string, text: string): number {
  const count = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (Number.isSafeInteger(count) && count >= countMin) return count;
  throw new FaultError(
    'bad-number',
    `Expected ${what} to be a whole number from ${countMin}, got ${quote(digits)} in ${quote(text)}.`,
  );
}

function unknownFault(text: string): FaultError {
  return new FaultError(
    'unknown-fault',
    'Expected "close", "kill idle", "kill at <n>ms", "kill before|after <step> #<n>", ' +
      `"kill inside <step> #<n> @<bytes>" or "power <model> before|after <step> #<n> ...", got ${quote(text)}.`,
  );
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
