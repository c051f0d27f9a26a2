import type { Command } from 'commander';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { traceJsonLines, traceLines } from '../harness/disk/trace-text.js';
import { decodeTrace, TraceError } from '../harness/disk/trace-file.js';
import { TRACE_BYTES_MAX } from '../harness/disk/trace-limits.js';
import { type CrashCase, HarnessError } from '../harness/index.js';
import { loadCase } from '../harness/run/corpus.js';
import { openDataRoot } from '../harness/run/data-root.js';
import { replay } from '../harness/run/replay.js';
import { decodeToken } from '../harness/run/token.js';
import { EXIT_USAGE } from './exit-code.js';
import { abortOnSignals } from './interrupts.js';
import { wholeNumber } from './options.js';
import { targetOf } from './targets.js';
import { prepareOut } from './write-reports.js';

/**
 * `ninelives trace record CASE` and `ninelives trace show FILE`: what a run asked of the file system, step by step. It
 * judges nothing.
 */
export function addTraceCommand(program: Command): void {
  const number = wholeNumber(0, Number.MAX_SAFE_INTEGER);
  const trace = program.command('trace').description('record and look at traces');
  trace
    .command('record')
    .description('play a case once and write the trace of each of its lives')
    .argument('<token|file>', 'nl1_... or the path of a case file')
    .option('--out <dir>', 'a directory for the traces, life-<n>.trace', join('out', 'traces'))
    .option('--dir <dir>', 'where the database under test lies')
    .action(record);
  trace
    .command('show')
    .description('print the steps of a trace file, a line each')
    .argument('<file>', 'path of a trace file')
    .option('--json', 'print NDJSON instead of text')
    .option('--data', 'with the data of writes, in text up to 256 bytes of each')
    .option('--from <n>', 'first step to print', number, 0)
    .option('--to <n>', 'last step to print', number)
    .option('--cut-ok', 'a file that was cut, as by the death of its writer, is no error')
    .action(show);
}

async function record(
  source: string,
  options: { readonly out: string; readonly dir?: string },
): Promise<void> {
  const saved = readCase(source);
  prepareOut(options.out);
  const taken = readdirSync(options.out).filter((name) => name.endsWith('.trace'));
  if (taken.length > 0) {
    throw new HarnessError(
      'bad-path',
      `Expected --out to name a directory without traces, found ${taken.length} in ${options.out}; give another one.`,
    );
  }
  const work = openDataRoot(options.dir);
  try {
    const target = await targetOf(saved.target, work.directory);
    const signal = abortOnSignals(() => undefined);
    const place = { target, runs: 1, dataParent: options.dir, lifeLimitMs: LIFE_LIMIT_MS, signal };
    await replay(saved, { ...place, traces: resolve(options.out) });
  } finally {
    work.remove();
  }
  for (const name of readdirSync(options.out).sort()) {
    if (name.endsWith('.trace')) process.stdout.write(`${join(options.out, name)}\n`);
  }
}

const LIFE_LIMIT_MS = 30_000;

function readCase(source: string): CrashCase {
  return source.trimStart().startsWith('nl1_') ? decodeToken(source).case : loadCase(source).file.case;
}

interface ShowOptions {
  readonly json?: true;
  readonly data?: true;
  readonly from: number;
  readonly to?: number;
  readonly cutOk?: true;
}

async function show(path: string, options: ShowOptions): Promise<void> {
  const { from, to = Infinity, data = false } = options;
  if (to < from) {
    throw new HarnessError(
      'bad-option',
      `Expected --to to be at least --from, got ${to} and ${from}; swap them.`,
    );
  }
  const decoded = decodeTrace(readTrace(path), 'untilCut', path);
  const selection = { from, to, data };
  const lines = options.json === true ? traceJsonLines(decoded, selection) : traceLines(decoded, selection);
  if (decoded.cut && options.cutOk !== true) process.exitCode = EXIT_USAGE;
  await print(lines);
  if (process.exitCode !== EXIT_USAGE) return;
  process.stderr.write(
    `ninelives: Expected a whole trace in ${path}, got one that is cut at byte ${decoded.wholeBytes}; ` +
      'what is whole was printed, and --cut-ok makes that no error.\n',
  );
}

function readTrace(path: string): Uint8Array {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) {
    const found = stat === undefined ? 'nothing' : 'something that is not a file';
    throw new HarnessError(
      'bad-path',
      `Expected a trace file at ${path}, found ${found}; give the path of a trace file.`,
    );
  }
  if (stat.size <= TRACE_BYTES_MAX) return readFileSync(path);
  const facts = { file: path, offset: TRACE_BYTES_MAX, expected: 'the end', got: `${stat.size} bytes` };
  throw new TraceError('too-large', facts);
}

/** Prints in blocks, no faster than they are taken. A reader that has seen enough (`| head`) closes its pipe: then it stops. */
async function print(lines: Iterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(blocksOf(lines)), process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

function* blocksOf(lines: Iterable<string>): Generator<string> {
  let block = '';
  for (const line of lines) {
    block += `${line}\n`;
    if (block.length < BLOCK_LENGTH) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}

const BLOCK_LENGTH = 65_536;
