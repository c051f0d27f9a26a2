import { type CrashScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * No chosen step: the parent sends SIGKILL after a random time, while requests are in flight and syncs run on the
 * thread pool, as in production. It finds what a step-by-step kill cannot (a real race), and cannot repeat it: what
 * is kept of a failure is its history.
 */
export const killAtRandom: CrashScenario = {
  kind: 'crash',
  name: 'kill-at-random',
  title: 'A kill at any instant loses no acknowledged write and resurrects none',
  workload: {
    options: { ...TINY_OPTIONS, memtableEntriesMax: 20 },
    keysMax: 16,
    operationsMin: 300,
    operationsMax: 600,
    livesMax: 3,
  },
  kills: { kind: 'timed', afterMsMax: 40 },
  cases: 30,
};
