import * as fs from 'node:fs';
import { join } from 'node:path';
import { HarnessError } from '../errors.js';
import type { HistoryEvent } from '../history/event.js';
import { decodeHistory, encodeHistory } from '../history/ndjson.js';
import { type CaseFile, CASE_FILE_BYTES_MAX, encodeCaseFile, parseCaseFile } from './case-file.js';

/**
 * Saved cases, one JSON file each, replayed before anything else in every run. A file that can no longer be read is
 * an error and never skipped: a case that quietly stops being checked protects nobody.
 */
export interface CorpusEntry {
  /** Path as it was listed. */
  readonly path: string;
  readonly file: CaseFile;
}

/**
 * All cases of a directory, by name. Throws CaseError for a bad file, HarnessError 'bad-path' if the path is no
 * directory: cases that are looked for in the wrong place protect nobody.
 */
export function loadCorpus(directory: string): readonly CorpusEntry[] {
  const stat = fs.statSync(directory, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) {
    const found = stat === undefined ? 'nothing' : 'a file';
    throw new HarnessError(
      'bad-path',
      `Expected a directory of saved cases at ${directory}, found ${found}; give a directory of saved cases, or --no-corpus.`,
    );
  }
  return fs
    .readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => loadCase(join(directory, name)));
}

/** One case file. Throws HarnessError 'bad-path' if there is no such file, CaseError if it is not a case. */
export function loadCase(path: string): CorpusEntry {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) {
    const found = stat === undefined ? 'nothing' : 'something that is not a file';
    throw new HarnessError(
      'bad-path',
      `Expected a case file at ${path}, found ${found}; give a token (nl1_...) or the path of a case file.`,
    );
  }
  // The parser says what is wrong with a file of this size; it need not be read to know.
  const text =
    stat.size > CASE_FILE_BYTES_MAX ? ' '.repeat(CASE_FILE_BYTES_MAX + 1) : fs.readFileSync(path, 'utf8');
  return { path, file: parseCaseFile(text, path) };
}

/** Writes a case file, and the history that convicts it beside it, and returns the path of the case file. */
export function saveCase(
  directory: string,
  name: string,
  file: CaseFile,
  history: readonly HistoryEvent[],
): string {
  fs.mkdirSync(directory, { recursive: true });
  const path = join(directory, `${name}.json`);
  fs.writeFileSync(path, encodeCaseFile(file));
  fs.writeFileSync(historyPathOf(path), encodeHistory(history));
  return path;
}

/** The history saved beside a case file; undefined if there is none. Throws HistoryError if it is damaged. */
export function loadHistory(casePath: string): readonly HistoryEvent[] | undefined {
  const path = historyPathOf(casePath);
  return fs.existsSync(path) ? decodeHistory(fs.readFileSync(path, 'utf8')) : undefined;
}

function historyPathOf(casePath: string): string {
  return casePath.replace(/\.json$/, '') + '.history.ndjson';
}
