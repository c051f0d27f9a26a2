import { byteText } from '../workload/operation.js';
import { toText } from '../driver/byte-text.js';
import type { Disk } from './disk.js';
import { MarkTexts } from './mark-text.js';
import { StepNames, type TraceStep } from './trace.js';
import type { DecodedTrace } from './trace-file.js';

/**
 * A trace as lines for people or, as JSON, for programs: one line a step with its number and the name that people say
 * (`wal/append#3`), marks between them, totals at the end. Names and bytes come from a file that anybody may have
 * made, so all that is not printable ASCII is escaped.
 */
export function* traceLines(decoded: DecodedTrace, selection: TraceSelection): Generator<string> {
  const marks = new MarkTexts();
  yield `disk before step 0: ${diskText(decoded.disk)}`;
  for (const entry of entriesOf(decoded)) {
    if (entry.kind === 'mark') {
      // Also those that are not shown: a later answer names what was invoked.
      const text = marks.next(entry.text);
      if (isSelected(entry.at, selection)) yield `${' '.repeat(NUMBER_WIDTH)}  | ${text}`;
    } else if (isSelected(entry.at, selection)) {
      const { step } = entry;
      yield `${String(entry.at).padStart(NUMBER_WIDTH)}  ${plain(entry.name).padEnd(NAME_WIDTH)}  ${stepText(step)}`;
      if (selection.data && step.kind === 'write') yield* hexLines(step.bytes, step.offset);
    }
  }
  yield totalsText(decoded);
  if (decoded.cut)
    yield `cut at byte ${decoded.wholeBytes}: the file ends here, and what its writer did later is not in it`;
}

/** The same as one JSON object a line: `disk`, steps with `step` and `name`, `mark`, `end`. Bytes are byte text. */
export function* traceJsonLines(decoded: DecodedTrace, selection: TraceSelection): Generator<string> {
  const { disk, trace, cut, wholeBytes } = decoded;
  const files = [...disk.files].map(([path, { bytes }]) => ({ path, ...dataOf(bytes, selection) }));
  yield jsonLine({ kind: 'disk', directories: [...disk.directories], files });
  for (const entry of entriesOf(decoded)) {
    if (!isSelected(entry.at, selection)) continue;
    if (entry.kind === 'mark') yield jsonLine({ kind: 'mark', step: entry.at, text: entry.text });
    else {
      const { step } = entry;
      const data = step.kind === 'write' ? dataOf(step.bytes, selection) : {};
      yield jsonLine({ step: entry.at, name: entry.name, ...step, bytes: undefined, ...data });
    }
  }
  yield jsonLine({ kind: 'end', steps: trace.steps.length, marks: trace.marks.length, cut, wholeBytes });
}

export interface TraceSelection {
  /** First and last step to show; a mark belongs to the step that comes after it. */
  readonly from: number;
  readonly to: number;
  /** With the data of writes. */
  readonly data: boolean;
}

/** What a step asks of the file system: `wal/000002.wal +37 bytes at 120`. */
export function stepText(step: TraceStep): string {
  const path = plain(step.path === '' ? '.' : step.path);
  switch (step.kind) {
    case 'write':
      return `${path} +${count(step.bytes.length, 'byte')} at ${step.offset}`;
    case 'truncate':
      return `truncate ${path} to ${count(step.length, 'byte')}`;
    case 'create':
    case 'unlink':
    case 'mkdir':
      return `${step.kind} ${path}`;
    case 'rename':
      return `rename ${plain(step.from)} -> ${path}${step.replaced === null ? '' : ' (replaced)'}`;
    case 'sync':
      return `${step.whole ? 'fsync' : 'fdatasync'} ${path} ${answerText(step)}`;
    case 'sync-directory':
      return `fsync directory ${path} ${answerText(step)}`;
    case 'none':
      return `${path} (leaves the disk as it is)`;
  }
}

type Entry =
  | { readonly kind: 'step'; readonly at: number; readonly name: string; readonly step: TraceStep }
  | { readonly kind: 'mark'; readonly at: number; readonly text: string };

function* entriesOf({ trace }: DecodedTrace): Generator<Entry> {
  const names = new StepNames();
  let marked = 0;
  for (let at = 0; at <= trace.steps.length; at++) {
    for (let mark = trace.marks[marked]; mark?.step === at; mark = trace.marks[++marked])
      yield { kind: 'mark', at, text: mark.text };
    const step = trace.steps[at];
    if (step !== undefined) yield { kind: 'step', at, name: names.next(step.label), step };
  }
}

function isSelected(at: number, { from, to }: TraceSelection): boolean {
  return from <= at && at <= to;
}

function answerText({ since, answered }: { readonly since: number; readonly answered: boolean }): string {
  return answered ? `(covers steps before ${since})` : `(asked at step ${since}, failed: nothing was forced)`;
}

function diskText({ directories, files }: Disk): string {
  const bytes = [...files.values()].reduce((sum, content) => sum + content.bytes.length, 0);
  return `${count(directories.size, 'director', 'y', 'ies')}, ${count(files.size, 'file')}, ${count(bytes, 'byte')}`;
}

function totalsText({ trace: { steps, marks } }: DecodedTrace): string {
  const writes = steps.filter((step) => step.kind === 'write');
  const bytes = writes.reduce((sum, step) => sum + step.bytes.length, 0);
  const syncs = steps.filter((step) => step.kind === 'sync' || step.kind === 'sync-directory');
  return [
    count(steps.length, 'step'),
    `${count(writes.length, 'write')} of ${count(bytes, 'byte')}`,
    count(syncs.length, 'sync'),
    count(marks.length, 'mark'),
  ].join(', ');
}

/** The first bytes of a write in rows of 16, as hexdump -C prints them; the offset is that in the file. */
function* hexLines(bytes: Uint8Array, offset: number): Generator<string> {
  const shown = bytes.subarray(0, HEX_BYTES_MAX);
  for (let start = 0; start < shown.length; start += 16) {
    const row = shown.subarray(start, start + 16);
    const hex = [...row].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = toText(row).replace(/[^\x20-\x7e]/g, '.');
    yield `${' '.repeat(NUMBER_WIDTH)}  ${(offset + start).toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  |${text}|`;
  }
  const hidden = bytes.length - shown.length;
  if (hidden > 0) yield `${' '.repeat(NUMBER_WIDTH)}  and ${count(hidden, 'byte')} more`;
}

function dataOf(bytes: Uint8Array, { data }: TraceSelection) {
  return data ? { length: bytes.length, bytes: toText(bytes) } : { length: bytes.length };
}

/** JSON in printable ASCII. */
function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A name as it is if nothing in it can surprise, otherwise quoted and escaped. */
function plain(name: string): string {
  return /^[\w./#+-]+$/.test(name) ? name : byteText(name);
}

function count(number: number, word: string, one = '', many = 's'): string {
  return `${number} ${word}${number === 1 ? one : many}`;
}

const NUMBER_WIDTH = 6;
const NAME_WIDTH = 26;
const HEX_BYTES_MAX = 256;
