import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { HarnessError, type RunRecord } from '../harness/index.js';
import { renderHtml } from '../reports/html.js';
import { renderJson } from '../reports/json.js';

/** Writes `<name>.json` and `<name>.html` into a directory, which is made if need be, and returns their paths. */
export function writeReports(directory: string, name: string, record: RunRecord): ReportPaths {
  const json = join(directory, `${name}.json`);
  const html = join(directory, `${name}.html`);
  writeFileSync(json, renderJson(record));
  writeFileSync(html, renderHtml(record));
  return { htmlPath: relative(process.cwd(), html), jsonPath: relative(process.cwd(), json) };
}

export interface ReportPaths {
  /** Relative to the working directory. */
  readonly htmlPath: string;
  readonly jsonPath: string;
}

/** Makes the directory for reports before the run, so that a bad --out does not cost a whole run. */
export function prepareOut(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new HarnessError(
      'bad-path',
      `Expected --out to name a directory that can be made, got ${directory} (${(error as NodeJS.ErrnoException).code ?? 'error'}); give another directory.`,
    );
  }
}
