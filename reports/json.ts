/**
 * The run record as JSON text, and back. Reading is bounded and strict: a record that is cut off, damaged, from
 * another version or from another program is refused with one sentence. A field whose order changed is no damage.
 */
import * as v from 'valibot';
import type { RunRecord } from '../harness/run/record.js';
import { ReportError } from './report-error.js';
import { runRecordSchema } from '../harness/run/record-schema.js';
import { visibleText } from './visible-text.js';

/** A record beyond this is not one of ours: 64 Mi characters hold some hundred thousand events. */
const TEXT_LENGTH_MAX = 64 * 1024 * 1024;
const SHOWN_MAX = 60;
const RUN_AGAIN = 'make it again with the command `ninelives run`';

/** The record as JSON, two spaces deep, keys in the order in which the record has them, with a final line break. */
export function renderJson(record: RunRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** Reads what `renderJson` wrote. Throws a ReportError for everything else. */
export function parseRecord(text: string): RunRecord {
  if (text.length > TEXT_LENGTH_MAX) {
    throw new ReportError(
      `Expected a run record of at most ${TEXT_LENGTH_MAX} characters, got ${text.length}; check that the path names a run record.`,
    );
  }
  const data = parseJson(text);
  checkFormat(data);
  const parsed = v.safeParse(runRecordSchema, data, { abortEarly: true });
  if (parsed.success) return parsed.output;
  throw issueError(parsed.issues[0]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const got = text.trim() === '' ? 'an empty text' : `text that is not JSON, beginning with ${shown(text)}`;
    throw new ReportError(
      `Expected a run record as JSON, got ${got}; the file may be cut off or another file: ${RUN_AGAIN}.`,
      { cause },
    );
  }
}

/** Looked at before the fields, so that a foreign file is called foreign and not a record with a wrong field. */
function checkFormat(data: unknown): void {
  const format: unknown = fieldOf(data, 'format');
  if (format !== 'ninelives/run-record') {
    throw new ReportError(
      `Expected the format "ninelives/run-record", got ${shown(format)}; check that the path names a run record.`,
    );
  }
  const version: unknown = fieldOf(data, 'version');
  if (version !== 1) {
    throw new ReportError(
      `Expected version 1 of the run record, got ${shown(version)}; read it with the ninelives that wrote it, or ${RUN_AGAIN}.`,
    );
  }
}

function fieldOf(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[name] : undefined;
}

function issueError(issue: v.BaseIssue<unknown>): ReportError {
  const path = v.getDotPath(issue) ?? 'the record';
  const expected = issue.expected ?? 'as docs/run-record.md describes it';
  if (issue.expected === 'never') {
    return new ReportError(
      `Expected only known fields, got ${visibleText(path, SHOWN_MAX)}; read the record with the ninelives that wrote it, or ${RUN_AGAIN}.`,
    );
  }
  if (issue.input === undefined) {
    return new ReportError(`Expected the field ${path}, got nothing; the record is damaged: ${RUN_AGAIN}.`);
  }
  return new ReportError(
    `Expected ${visibleText(path, 2 * SHOWN_MAX)} to be ${expected}, got ${shown(issue.input)}; the record is damaged: ${RUN_AGAIN}.`,
  );
}

/** A value for a message: strings quoted and cut, anything with parts by its sort. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'string') {
    return visibleText(JSON.stringify(value.length > SHOWN_MAX ? `${value.slice(0, SHOWN_MAX)}…` : value));
  }
  return JSON.stringify(value);
}
