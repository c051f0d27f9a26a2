import type { Scenario } from './scenario.js';

/** What a run of these scenarios cannot have found, one sentence each. A green run means nothing without them. */
export function limitsOf(scenarios: readonly Scenario[]): readonly string[] {
  const timed = scenarios.some((scenario) => scenario.kind === 'crash' && scenario.kills.kind === 'timed');
  return [
    'Power loss: SIGKILL keeps the page cache, so a missing fsync or a missing directory fsync cannot be found by this run.',
    'Failing disks: no I/O error, no full disk and no failed fsync was injected.',
    'Damage at rest: no file was corrupted, truncated or taken away between two lives.',
    'Interleavings: in exact runs only the orders of syncs and background pauses that were drawn were played.',
    ...(timed
      ? ['Timed kills are not replayable: a failure that only they show is kept as its history.']
      : [
          'Real time: every kill struck at a chosen step of a deterministic run; none came at an arbitrary instant.',
        ]),
    'Sizes: keys up to 300 bytes, values up to 200 bytes, databases of a few dozen tables.',
  ];
}
