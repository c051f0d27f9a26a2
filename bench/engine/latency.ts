import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { type Engine } from '../../engine/index.js';
import { drawn, presentKey } from './dataset.js';

/**
 * How long a get takes while something else goes on in the engine, as one who asks it feels it: from the moment when
 * the get was due to the moment when its answer was there. A slice of background work that holds the event loop is
 * therefore in the figure, also where it delays the sending of the next get.
 *
 * 'back to back': the next get is due when the last one is answered, and is sent in the next turn of the event loop.
 * 'every millisecond': gets are due at fixed times, whether or not the ones before are answered.
 */
export async function measureLatency(
  engine: Engine,
  entries: number,
  pacing: Pacing,
  work: () => Promise<void>,
): Promise<LatencyReport> {
  const keys = [...drawn(KEYS, entries, pacing)].map(presentKey);
  const latenciesMs: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const running = { done: false };
  const startMs = performance.now();
  delay.enable();
  const working = work().finally(() => {
    running.done = true;
  });
  let dueMs = startMs;
  for (let turn = 0; !running.done; turn++) {
    await setImmediate();
    if (performance.now() < dueMs) continue;
    const value = await engine.get(keys[turn % KEYS] as Buffer);
    if (value === undefined) throw new Error('Expected every key to be there, got none for one of them.');
    const nowMs = performance.now();
    latenciesMs.push(nowMs - dueMs);
    dueMs = pacing === 'back to back' ? nowMs : dueMs + 1;
  }
  await working;
  delay.disable();
  return {
    pacing,
    seconds: (performance.now() - startMs) / 1_000,
    gets: latenciesMs.length,
    latencyMs: percentiles(latenciesMs),
    eventLoopDelayMs: {
      p50: delay.percentile(50) / 1e6,
      p99: delay.percentile(99) / 1e6,
      p999: delay.percentile(99.9) / 1e6,
      max: delay.max / 1e6,
    },
  };
}

export const PACINGS = ['back to back', 'every millisecond'] as const;
export type Pacing = (typeof PACINGS)[number];

export interface LatencyReport {
  readonly pacing: Pacing;
  readonly seconds: number;
  readonly gets: number;
  readonly latencyMs: Percentiles;
  /** As perf_hooks measures it, with a timer of one millisecond: that millisecond is in it. */
  readonly eventLoopDelayMs: Percentiles;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

const KEYS = 10_000;

function percentiles(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}
