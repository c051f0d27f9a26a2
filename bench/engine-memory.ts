import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import type { EngineOptions } from '../engine/index.js';
import { benchCommand, wholeNumber } from './engine/arguments.js';
import type { MemoryMessage } from './engine/memory-worker.js';
import { processMemory } from './engine/process-memory.js';
import { BENCH_OPTIONS } from './engine/stores/ninelives.js';

/**
 * How much memory the engine needs for 5,000,000 entries (580 MB), and how long it takes to open them. A child loads
 * them in scattered order, 1,000 a batch; what is resident is read from /proc while it works. Then it is killed, so
 * that the first opening, in a fresh process, recovers what the last WALs hold; a second one follows a clean close.
 * Once with the engine's default options and once with those of the comparison (bench/engine.ts).
 *
 *     npm run build && node dist/bench/engine-memory.js
 */
const ENTRIES = 5_000_000;
const RESIDENT_MB_MAX = 400;
const OPEN_MS_MAX = 1_000;
const SAMPLE_MS = 50;
const MEGABYTE = 1e6;
const WORKER = join(import.meta.dirname, 'engine/memory-worker.js');

const { entries } = benchCommand(
  'engine-memory',
  'Measures the memory of our engine and the time to open it.',
)
  .option('--entries <n>', 'entries to load', wholeNumber(1_000, 100_000_000), ENTRIES)
  .parse()
  .opts<{ entries: number }>();

await measure('default options', {});
await measure('options of the comparison', BENCH_OPTIONS);

async function measure(title: string, options: Partial<EngineOptions>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'ninelives-bench-memory-'));
  try {
    console.log(`${title}: ${JSON.stringify(options)}`);
    const loading = await runChild('load', directory, options, 'SIGKILL');
    for (const message of loading.messages) console.log(`  ${describe(message)}`);
    printMemory('resident while loading', loading.residentBytesMax);
    console.log(
      `  ${'resident, middle sample'.padEnd(32)} ${(middle(loading.samples) / MEGABYTE).toFixed(0)} MB`,
    );
    for (const after of ['a kill', 'a clean close']) {
      const opening = await runChild('open', directory, options, undefined);
      for (const message of opening.messages) console.log(`  ${describe(message)}, after ${after}`);
      printMemory('resident of the opening process', opening.residentBytesMax);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface ChildReport {
  readonly messages: readonly MemoryMessage[];
  readonly residentBytesMax: number;
  readonly samples: readonly number[];
}

/** Runs a child until it has said its last word, watches its memory, then kills it or lets it close. */
async function runChild(
  task: 'load' | 'open',
  directory: string,
  options: Partial<EngineOptions>,
  signal: 'SIGKILL' | undefined,
): Promise<ChildReport> {
  const child = execa(process.execPath, [WORKER, task, directory, String(entries), JSON.stringify(options)], {
    stderr: 'inherit',
    buffer: false,
    reject: signal === undefined,
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error('Expected a child, got none; see the error above.');
  const messages: MemoryMessage[] = [];
  const samples: number[] = [];
  let residentBytesMax = 0;
  const sampling = new AbortController();
  const watching = watch(pid, samples, sampling.signal);
  for await (const line of child.iterable()) {
    const message = JSON.parse(line) as MemoryMessage;
    messages.push(message);
    console.error(`${task}: ${describe(message)}`);
    if (message.kind === 'loaded') continue;
    residentBytesMax = processMemory(pid).residentBytesMax;
    sampling.abort();
    if (signal === undefined) child.stdin.end();
    else child.kill(signal);
  }
  sampling.abort();
  const [ended] = await Promise.all([child, watching]);
  if (ended.signal !== signal)
    throw new Error(`Expected the child to work until it was killed, got: ${ended.message}`);
  return { messages, samples, residentBytesMax };
}

async function watch(pid: number, samples: number[], stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      samples.push(processMemory(pid).residentBytes);
    } catch {
      return; // It has ended; why is for whoever waits for it to say.
    }
    await setTimeout(SAMPLE_MS);
  }
}

function describe(message: MemoryMessage): string {
  switch (message.kind) {
    case 'loaded':
      return `${'loaded'.padEnd(32)} ${message.seconds.toFixed(2)} s`;
    case 'settled':
      return `${'settled'.padEnd(32)} ${message.seconds.toFixed(2)} s`;
    case 'opened':
      return `${'opened'.padEnd(32)} ${message.milliseconds.toFixed(0)} ms, ${verdict(message.milliseconds < OPEN_MS_MAX)} (under ${OPEN_MS_MAX} ms)`;
  }
}

function printMemory(what: string, bytes: number): void {
  const megabytes = bytes / MEGABYTE;
  console.log(
    `  ${what.padEnd(32)} ${megabytes.toFixed(0)} MB at the most, ${verdict(megabytes < RESIDENT_MB_MAX)} (under ${RESIDENT_MB_MAX} MB)`,
  );
}

function verdict(met: boolean): string {
  return met ? 'met' : 'missed';
}

function middle(samples: readonly number[]): number {
  return [...samples].sort((left, right) => left - right)[samples.length >> 1] ?? 0;
}
