/** What a campaign tells while it runs, for progress lines and heartbeats. */
export interface RunProgress {
  readonly scenario: string;
  /** Scenarios done and in all. */
  readonly done: number;
  readonly of: number;
  readonly kills: number;
  readonly cases: number;
  /** Jobs of this scenario: done and in all; a job is one enumerated case or a batch of random ones. */
  readonly jobsDone: number;
  readonly jobs: number;
  readonly failures: number;
  /** Crash states of simulated power loss, if there are any. */
  readonly states?: number;
  readonly stage: 'corpus' | 'enumerating' | 'exploring' | 'shrinking' | 'minimising' | 'playing';
}

export type OnProgress = (progress: RunProgress) => void;
