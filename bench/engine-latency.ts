import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Engine, nodeEnvironment } from '../engine/index.js';
import { benchCommand, wholeNumber } from './engine/arguments.js';
import { presentKey, shuffled, valueOf } from './engine/dataset.js';
import { type LatencyReport, measureLatency, PACINGS, type Percentiles } from './engine/latency.js';
import { BENCH_OPTIONS } from './engine/stores/ninelives.js';

/**
 * How much a compaction of 1,000,000 entries delays the gets that come meanwhile: p50, p99, p99.9 and the longest,
 * and the delay of the event loop; beside the same gets while nothing else goes on. The entries are loaded in
 * shuffled order with the options of the comparison (bench/engine.ts) and settled; then `compact()` merges them all.
 *
 *     npm run build && node dist/bench/engine-latency.js
 */
const ENTRIES = 1_000_000;
const P99_MS_MAX = 10;
const IDLE_MS = 1_000;

const { entries } = benchCommand('engine-latency', 'Measures gets while everything is compacted.')
  .option('--entries <n>', 'entries to compact', wholeNumber(1_000, 100_000_000), ENTRIES)
  .parse()
  .opts<{ entries: number }>();

for (const pacing of PACINGS) {
  const directory = mkdtempSync(join(tmpdir(), 'ninelives-bench-latency-'));
  try {
    const engine = await Engine.open(nodeEnvironment(directory), BENCH_OPTIONS);
    await load(engine);
    print('nothing else', await measureLatency(engine, entries, pacing, () => setTimeout(IDLE_MS)));
    const report = await measureLatency(engine, entries, pacing, () => engine.compact());
    print('compact()', report);
    const met = report.latencyMs.p99 < P99_MS_MAX;
    console.log(`  p99 of gets ${met ? 'met' : 'missed'} (under ${P99_MS_MAX} ms)`);
    await engine.close();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function load(engine: Engine): Promise<void> {
  const order = shuffled(entries, 'latency');
  for (let at = 0; at < entries; at += 1_000) {
    const some = [...order.subarray(at, at + 1_000)];
    await engine.write(some.map((index) => ({ kind: 'put', key: presentKey(index), value: valueOf(index) })));
  }
  await engine.settled();
  console.error(`loaded ${entries} entries`);
}

function print(during: string, { pacing, gets, seconds, latencyMs, eventLoopDelayMs }: LatencyReport): void {
  console.log(`gets ${pacing}, during: ${during} (${gets} gets in ${seconds.toFixed(2)} s)`);
  console.log(`  latency of a get     ${percentilesText(latencyMs)}`);
  console.log(`  event loop delay     ${percentilesText(eventLoopDelayMs)}`);
}

function percentilesText({ p50, p99, p999, max }: Percentiles): string {
  const cells = { p50, p99, 'p99.9': p999, max };
  return Object.entries(cells)
    .map(([name, value]) => `${name} ${value.toFixed(3)} ms`)
    .join(', ');
}
