import type { Scenario } from './scenario.js';

/** What a run of these scenarios cannot have found, one sentence each. A green run means nothing without them. */
export function limitsOf(scenarios: readonly Scenario[]): readonly string[] {
  const timed = scenarios.some((scenario) => scenario.kind === 'crash' && scenario.kills.kind === 'timed');
  const power = scenarios.some(({ kind }) => kind === 'power');
  const failed = scenarios.some(
    (scenario) => scenario.kind === 'power' && scenario.failedSyncs !== undefined,
  );
  return [
    power
      ? 'Power loss is simulated, under the rules of the models that the matrix names: a file system with weaker rules, or a disk that lies about its cache, may lose more.'
      : 'Power loss: SIGKILL keeps the page cache, so a missing fsync or a missing directory fsync cannot be found by this run.',
    ...(power
      ? [
          'Crash states: where a model allows too many at one moment, a sample was tried; torn writes are cut at the first, a middle and the last boundary of 512 and 4,096 bytes.',
        ]
      : []),
    failed
      ? 'Failing disks: only syncs failed, once in a case; no other I/O error and no full disk was injected.'
      : 'Failing disks: no I/O error, no full disk and no failed fsync was injected.',
    'Damage at rest: no file was corrupted, truncated or taken away between two lives.',
    'Interleavings: in exact runs only the orders of syncs and background pauses that were drawn were played.',
    ...(timed
      ? ['Timed kills are not replayable: a failure that only they show is kept as its history.']
      : [
          'Real time: every crash came at a chosen step of a deterministic run; none came at an arbitrary instant.',
        ]),
    'Sizes: keys up to 300 bytes, values up to 200 bytes, databases of a few dozen tables.',
  ];
}
