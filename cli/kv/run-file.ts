import { type Command, InvalidArgumentError, Option } from 'commander';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseValidationFile, type ValidationFile } from '../../engine/index.js';
import type { KillPlan } from '../../engine/validation/killed-server.js';
import { runFile, type RunOutcome, type ServerPlace } from '../../engine/validation/run-file.js';
import { ServerProcess } from '../../engine/validation/server-process.js';
import { VALIDATION_LENGTH_MAX } from '../../engine/validation/validation-file.js';
import { SYSTEM_WAITS } from '../../engine/validation/waits.js';
import { HarnessError } from '../../harness/index.js';
import { stream } from '../../harness/random.js';
import { PACKAGE_ROOT } from '../../harness/targets/target.js';
import { abortOnSignals } from '../interrupts.js';
import { wholeNumber } from '../options.js';
import { progressReporter } from '../progress-line.js';
import { runExitCode, runJson, runText } from './run-file-result.js';

/**
 * `ninelives kv run-file FILE`: plays a validation file against a server over HTTP, one that is there (`--url`) or one
 * that is started for it (`--directory`) and, if that is asked for, killed and started again while the file runs.
 */
export function addRunFileCommand(kv: Command): void {
  kv.command('run-file')
    .description('play a file of requests with known answers against a server')
    .argument('<file>', 'a validation file: PUT, GET, DELETE, SCAN and BARRIER, a line each')
    .option('--url <url>', 'the server, as http://127.0.0.1:8080', httpUrl)
    .option('--directory <dir>', 'start a server for it, on the database in this directory')
    .addOption(new Option('--durability <level>', 'of that server').choices(['always', 'os', 'interval']))
    .option('--options <json>', 'options of its engine, such as {"memtableEntriesMax":100}')
    .option('--kills <n>', 'SIGKILL that server this often, spread over the file', wholeNumber(1, 100_000))
    .option('--kill-every <ms>', 'SIGKILL that server at random, about this often', wholeNumber(1, 3_600_000))
    .option('--seed <n>', 'seed of the moments of the kills', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--concurrency <n>', 'lines of a block at a time', wholeNumber(1, 256), 16)
    .option('--retry-limit <ms>', 'how long one line is tried', wholeNumber(1, 3_600_000), 30_000)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 every answer was right, 1 an answer was wrong or the server broke down, 2 usage or a bad file,\n' +
        '3 unknown: the server stayed away, or the run was interrupted.\nThe format: docs/kv-run-file.md.',
    )
    .action(runFileCommand);
}

interface Options {
  readonly url?: URL;
  readonly directory?: string;
  readonly durability?: string;
  readonly options?: string;
  readonly kills?: number;
  readonly killEvery?: number;
  readonly seed: number;
  readonly concurrency: number;
  readonly retryLimit: number;
  readonly json?: true;
}

async function runFileCommand(path: string, options: Options): Promise<void> {
  const file = parseValidationFile(readBounded(path), path);
  const lines = file.blocks.reduce((sum, block) => sum + block.length, 0);
  const server = serverPlace(options, lines);
  const startMs = SYSTEM_WAITS.nowMs();
  const outcome = await runWithProgress(file, path, lines, server, options);
  const result = { ...outcome, file: path, durationMs: SYSTEM_WAITS.nowMs() - startMs };
  process.stdout.write(options.json === true ? runJson(result) : runText(result));
  process.exitCode = runExitCode(result.end);
}

async function runWithProgress(
  file: ValidationFile,
  path: string,
  lines: number,
  server: ServerPlace,
  { concurrency, retryLimit }: Options,
): Promise<RunOutcome> {
  const startMs = SYSTEM_WAITS.nowMs();
  const progress = progressReporter(process.stderr, () => SYSTEM_WAITS.nowMs());
  const outcome = await runFile(file, {
    server,
    concurrency,
    retryLimitMs: retryLimit,
    waits: SYSTEM_WAITS,
    signal: abortOnSignals((signal) => process.stderr.write(`${signal}: ending the server\n`)),
    onProgress: ({ lines: done, retries, kills }) => {
      if (SYSTEM_WAITS.nowMs() - startMs < QUIET_MS) return;
      progress.show(`${path}  ${done} of ${lines} lines  ${retries} retries  ${kills} kills`);
    },
  });
  progress.done();
  return outcome;
}

/** What takes no longer than this needs no progress. */
const QUIET_MS = 2_000;

function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && url.search === '' && url.hash === '' && url.username === '') return url;
  throw new InvalidArgumentError('Expected the http URL of a server, as http://127.0.0.1:8080.');
}

function serverPlace(options: Options, lines: number): ServerPlace {
  const { url, directory, kills, killEvery, seed } = options;
  if ((url === undefined) === (directory === undefined)) {
    throw new HarnessError(
      'bad-option',
      `Expected --url or --directory, got ${url === undefined ? 'neither' : 'both'}; give the one that says where the server is.`,
    );
  }
  const ours = OURS_ONLY.filter((name) => options[name] !== undefined);
  if (url !== undefined && ours.length > 0) {
    throw new HarnessError(
      'bad-option',
      `Expected only --directory beside ${flagOf(ours[0])}, got --url: it is for a server that is started here.`,
    );
  }
  if (url !== undefined) return { kind: 'there', url };
  const command = serverCommand(directory ?? '', options);
  const random = stream(seed, 'kv run-file', 'kills');
  return {
    kind: 'own',
    start: () => new ServerProcess(command),
    plan: lines === 0 ? { kind: 'none' } : killPlan(kills, killEvery, lines),
    below: (limit) => random.below(limit),
  };
}

const OURS_ONLY = ['kills', 'killEvery', 'durability', 'options'] as const;

/** `killEvery` as it is typed. */
function flagOf(name = ''): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function killPlan(kills: number | undefined, everyMs: number | undefined, lines: number): KillPlan {
  if (everyMs !== undefined) return { kind: 'every', everyMs, killsMax: kills ?? Infinity };
  return kills === undefined ? { kind: 'none' } : { kind: 'count', kills, lines };
}

function serverCommand(directory: string, { durability, options }: Options): [string, ...string[]] {
  return [
    ...([process.execPath, join(PACKAGE_ROOT, 'cli', 'ninelives.mjs')] as const),
    ...['kv', 'serve', directory, '--port', '0'],
    ...(durability === undefined ? [] : ['--durability', durability]),
    ...(options === undefined ? [] : ['--options', options]),
  ];
}

/** The bytes of a file that is no longer than a validation file may be. */
function readBounded(path: string): Uint8Array {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() === true && stat.size <= VALIDATION_LENGTH_MAX) return readFileSync(path);
  const size = stat?.isFile() === true ? `one of ${stat.size} bytes` : 'something else';
  throw new HarnessError(
    'bad-path',
    `Expected a validation file of at most ${VALIDATION_LENGTH_MAX} bytes at ${path}, found ${stat === undefined ? 'nothing' : size}.`,
  );
}
