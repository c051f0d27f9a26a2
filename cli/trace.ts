import type { Command } from 'commander';
import { readFileSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { traceJsonLines, traceLines } from '../harness/disk/trace-text.js';
import { decodeTrace, TraceError } from '../harness/disk/trace-file.js';
import { TRACE_BYTES_MAX } from '../harness/disk/trace-limits.js';
import { HarnessError } from '../harness/index.js';
import { EXIT_USAGE } from './exit-code.js';
import { wholeNumber } from './options.js';

/** `ninelives trace show FILE`: what a run asked of the file system, step by step. It judges nothing. */
export function addTraceCommand(program: Command): void {
  const number = wholeNumber(0, Number.MAX_SAFE_INTEGER);
  program
    .command('trace')
    .description('look at a recorded trace')
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
