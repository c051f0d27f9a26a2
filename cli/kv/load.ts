import type { Command } from 'commander';
import { createReadStream, statSync } from 'node:fs';
import { Engine, nodeEnvironment } from '../../engine/index.js';
import { count, jsonLine, nameText } from '../../engine/inspect/byte-text.js';
import { InspectError } from '../../engine/inspect/inspect-error.js';
import { type Line, readLines } from '../../engine/inspect/lines.js';
import { loadLines, type LoadOutcome, refuseData } from '../../engine/inspect/load.js';
import { LINE_BYTES_MAX, pairLine } from '../../engine/inspect/pair-line.js';
import { HarnessError } from '../../harness/index.js';
import { wholeNumber } from '../options.js';
import { printLines, reportError } from './print-lines.js';

/**
 * `ninelives kv load DIR [FILE]`: writes the lines of a dump into a database, which is made if it is not there. One that
 * holds pairs is refused, unless --merge says that a line may replace what is there under its key. A line that is no write
 * ends it with exit code 2 and its number; what came before stays.
 */
export function addLoadCommand(kv: Command): void {
  kv.command('load')
    .description('write NDJSON, as dump prints it, into a database')
    .argument('<dir>', 'a database, or where to make one')
    .argument('[file]', 'the lines (default: standard input)')
    .option('--merge', 'also into a database that holds pairs: a line replaces what is there under its key')
    .option('--flush', 'leave all of it in tables, nothing in the WAL')
    .option('--sample <n>', 'made-up lines instead of a file', wholeNumber(1, 10_000_000))
    .option('--json', 'print what was loaded as one JSON object')
    .action(load);
}

interface Options {
  readonly merge?: true;
  readonly flush?: true;
  readonly sample?: number;
  readonly json?: true;
}

async function load(directory: string, file: string | undefined, options: Options): Promise<void> {
  try {
    const lines = linesOf(file, options.sample);
    const engine = await Engine.open(nodeEnvironment(directory));
    let outcome: LoadOutcome;
    try {
      if (options.merge !== true) await refuseData(engine);
      outcome = await loadLines(engine, lines);
      if (options.flush === true && outcome.error === undefined) await engine.flush();
    } finally {
      await engine.close();
    }
    await report(directory, outcome, options);
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

/** A file is looked at before a database is made for it. */
function linesOf(file: string | undefined, sample: number | undefined): AsyncIterable<Line> {
  if (sample !== undefined) {
    if (file === undefined) return sampleLines(sample);
    throw new HarnessError('bad-option', 'Expected either a file or --sample, got both; leave one out.');
  }
  if (file === undefined) return readLines(process.stdin, LINE_BYTES_MAX);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || stat.isDirectory()) {
    const found = stat === undefined ? 'nothing' : 'a directory';
    throw new HarnessError('bad-path', `Expected a file of lines at ${file}, found ${found}; give another.`);
  }
  return readLines(createReadStream(file), LINE_BYTES_MAX);
}

/** Something to look at: cats with their lives; of every twenty lines one overwrites and one deletes what was before. */
async function* sampleLines(lines: number): AsyncGenerator<Line> {
  for (let index = 0; index < lines; index++) {
    const again = index % 10 === 9;
    const key = Buffer.from(`cat-${String(again ? index - 9 : index).padStart(6, '0')}`);
    const text =
      index % 20 === 19
        ? jsonLine({ key: key.toString('base64'), delete: true })
        : pairLine([key, Buffer.from(again ? 'eight lives' : 'nine lives')]);
    yield { number: index + 1, text };
  }
}

async function report(directory: string, outcome: LoadOutcome, { json, merge }: Options): Promise<void> {
  const { lines, puts, deletes, error } = outcome;
  const counted = `${count(lines, 'line')} (${count(puts, 'put')}, ${count(deletes, 'delete')})`;
  const into = nameText(Buffer.from(directory).toString('latin1'));
  const text = `loaded ${counted} into ${into}${merge === true ? ', over what it held' : ''}`;
  if (json === true) await printLine(jsonLine(outcomeJson(outcome)));
  else if (error === undefined) await printLine(text);
  if (error === undefined) return;
  process.exitCode = reportError(error, `; ${counted} before it were loaded and stay`);
}

function outcomeJson({ lines, puts, deletes, error }: LoadOutcome): object {
  const badLine = error instanceof InspectError ? error.line : undefined;
  return { kind: 'load', lines, puts, deletes, complete: error === undefined, badLine };
}

async function printLine(line: string): Promise<void> {
  await printLines(
    (function* () {
      yield line;
      return 0;
    })(),
  );
}
