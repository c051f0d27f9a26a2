import { judge } from '../checker/judge.js';
import { promiseOf } from '../checker/promise.js';
import { sameRecovery } from '../checker/recovery.js';
import type { Judgement, Violation } from '../checker/verdict.js';
import { EMPTY_DISK } from '../disk/disk.js';
import { type Machine, poweredOn, visibleDisk } from '../disk/machine.js';
import type { HistoryEvent, Observation } from '../history/event.js';
import type { LifeOutcome } from '../run/life-notes.js';
import type { DirectoryRecord } from '../run/record.js';
import type { CrashCase, Life } from '../workload/case.js';
import { keysOf } from '../workload/case-facts.js';
import { LAST_LIFE } from '../workload/last-life.js';
import { type CutLife, cutLife } from './cut-life.js';
import { lifeTrace } from './life-trace.js';
import { recordLife, type RecordedLife } from './record-life.js';

/**
 * A case on a machine in memory: each life is recorded and cut where it ends, the next one starts on what that left;
 * then one more look, as every case ends. The judge sees the history only. The same case gives the same bytes, always.
 *
 * One thing the history cannot show is added here: a life that died while it was opening would have shown a state, and
 * the next one must show the same.
 */
export async function playInMemory(crashCase: CrashCase, traced = false): Promise<MemoryOutcome> {
  const keys = keysOf(crashCase);
  const history: HistoryEvent[] = [];
  const lives: LifeOutcome[] = [];
  const directories: DirectoryRecord[] = [];
  const violations: Violation[] = [];
  const traces: Uint8Array[] = [];
  let machine = poweredOn(EMPTY_DISK);
  let expected: Expected | undefined;
  for (const [number, life] of [...crashCase.lives, LAST_LIFE].entries()) {
    const recorded = await recordLife(machine, crashCase, number, life, keys);
    const cut = cutLife(machine, number, recorded, life.end);
    if (traced) traces.push(lifeTrace(machine, recorded, cut));
    history.push(...cut.events);
    lives.push(outcomeOf(recorded, cut));
    directories.push(...directoriesOf(recorded, cut, number));
    const shown = observationIn(cut.events);
    if (expected !== undefined && shown !== undefined) {
      violations.push(...differences(number, expected.shown, shown));
      expected = undefined;
    }
    // What only the page cache held may be gone now.
    if (life.end.startsWith('power') && expected?.durable === false) expected = undefined;
    if (shown === undefined) expected ??= expectedOf(machine, recorded, life);
    if (isDeadEnd(cut.events)) break;
    machine = cut.machine;
  }
  return { history, lives, directories, traces, judgement: judged(crashCase, history, violations) };
}

export interface MemoryOutcome {
  readonly history: readonly HistoryEvent[];
  readonly lives: readonly LifeOutcome[];
  readonly directories: readonly DirectoryRecord[];
  /** A trace file for each life, if asked for. */
  readonly traces: readonly Uint8Array[];
  readonly judgement: Judgement;
}

function outcomeOf(recorded: RecordedLife, cut: CutLife): LifeOutcome {
  const steps: Record<string, number> = {};
  for (const { label } of recorded.steps.slice(0, cut.position)) steps[label] = (steps[label] ?? 0) + 1;
  const crash = cut.events.find((event) => event.kind === 'crash');
  return {
    events: cut.events,
    steps,
    recovered: recorded.recovered,
    death: crash?.kind === 'crash' ? crash.death : undefined,
    fired: cut.fired,
    timedOut: false,
    fatal: recorded.fatal,
  };
}

function directoriesOf(recorded: RecordedLife, cut: CutLife, life: number): readonly DirectoryRecord[] {
  const after: readonly DirectoryRecord[] =
    recorded.recovered === undefined ? [] : [{ life, moment: 'after-recovery', files: recorded.recovered }];
  const files = [...visibleDisk(cut.machine).files]
    .map(([path, { bytes }]) => ({ path, bytes: bytes.length }))
    .sort((left, right) => (left.path < right.path ? -1 : 1));
  return [...after, { life, moment: 'at-crash', files }];
}

/** The engine did not open or hung, and no injected error excuses it: what comes after would only say so again. */
function isDeadEnd(events: readonly HistoryEvent[]): boolean {
  const has = (wanted: HistoryEvent['kind']): boolean => events.some(({ kind }) => kind === wanted);
  return (has('open-failed') || has('hang')) && !has('fault');
}

function observationIn(events: readonly HistoryEvent[]): Observation | undefined {
  return events.find((event) => event.kind === 'observe');
}

/** What a life would have shown if it had not died while it was opening. */
interface Expected {
  readonly shown: Observation;
  /** It came from a disk, so that no power loss may change it. */
  readonly durable: boolean;
}

/** Undefined if a power loss may have taken what only the page cache held, or a failed sync may have kept it away. */
function expectedOf(machine: Machine, recorded: RecordedLife, life: Life): Expected | undefined {
  const durable = machine.steps.length === 0;
  if ((life.end.startsWith('power') && !durable) || (life.faults ?? []).length > 0) return undefined;
  const shown = observationIn(recorded.events);
  return shown === undefined ? undefined : { shown, durable };
}

function differences(life: number, expected: Observation, shown: Observation): readonly Violation[] {
  const difference = sameRecovery(expected, shown);
  if (difference === undefined) return [];
  const message = `Recovery was interrupted, and when it ran again (life ${life}) it gave another state: ${difference}.`;
  return [{ kind: 'not-idempotent', life, message, operations: [] }];
}

function judged(
  crashCase: CrashCase,
  history: readonly HistoryEvent[],
  added: readonly Violation[],
): Judgement {
  const judgement = judge(history, promiseOf(crashCase.options));
  if (added.length === 0) return judgement;
  const violations = [...judgement.violations, ...added].sort((left, right) => left.life - right.life);
  return { verdict: 'violated', violations, doubts: [] };
}
