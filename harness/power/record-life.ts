import { type Engine, loadHashes } from '../../engine/index.js';
import { MemoryVfs } from '../disk/memory-vfs.js';
import { type Machine, visibleDisk } from '../disk/machine.js';
import { Recording, RecordingVfs } from '../disk/recording-vfs.js';
import { StepNames, type TraceStep } from '../disk/trace.js';
import { codeAndMessage, EngineLife, type LifeHost } from '../driver/engine-life.js';
import type { Answer } from '../driver/protocol.js';
import { settle, Turns } from '../driver/turns.js';
import { TurnVfs } from '../driver/turn-vfs.js';
import { parseEnding } from '../faults/ending.js';
import { parseSyncFault } from '../faults/sync-fault.js';
import type { HistoryEvent } from '../history/event.js';
import { stream } from '../random.js';
import { LifeNotes } from '../run/life-notes.js';
import { requestsOf } from '../run/life-requests.js';
import type { CrashCase, Life } from '../workload/case.js';

/**
 * One life of the engine on a machine in memory, recorded to its end: what was said, and every step with its data.
 * The order of everything depends on the case alone, as in an exact run of a child, and the steps are the same. It does
 * not die: where and how it dies is decided afterwards, by cutting the recording (cut-life.ts).
 */
export async function recordLife(
  machine: Machine,
  crashCase: CrashCase,
  number: number,
  life: Life,
  keys: readonly string[],
  options: RecordOptions = {},
): Promise<RecordedLife> {
  await loadHashes();
  const host = new MemoryHost(machine, crashCase, number, life, options);
  const engine = new EngineLife(host);
  for (const request of requestsOf(crashCase, life, parseEnding(life.end), '', keys)) {
    if (!(await engine.serve(request))) break;
  }
  return host.recorded();
}

export interface RecordedLife {
  readonly events: readonly HistoryEvent[];
  /** For each event the number of this life's steps that were done when it was written down. */
  readonly positions: readonly number[];
  /** Steps of this life. `since` of a sync counts the earlier steps of the machine as well. */
  readonly steps: readonly TraceStep[];
  /** `wal/append#3`, one for each step. */
  readonly names: readonly string[];
  /** Sizes of all files right after recovery; undefined if it did not come so far. */
  readonly recovered: readonly { readonly path: string; readonly bytes: number }[] | undefined;
  /** For each step `engine/wal/writer.ts:31`, null where unknown; empty unless asked for. */
  readonly locations: readonly (string | null)[];
  /** The engine did not open, or hung. */
  readonly fatal: boolean;
}

export interface RecordOptions {
  readonly order?: CompletionOrder;
  /** Also note which line of the engine's sources asked for each step; slow. */
  readonly locate?: boolean;
}

/** Decides which of the completions that wait comes next (driver/turns.ts has the one that a case's numbers decide). */
export type CompletionOrder = Pick<Turns, 'park' | 'parkTimer' | 'take' | 'runUntil'>;

class MemoryHost implements LifeHost {
  readonly environment: LifeHost['environment'];
  readonly #order: CompletionOrder;
  readonly #vfs: MemoryVfs;
  readonly #recording: Recording;
  readonly #before: number;
  readonly #notes: LifeNotes;
  readonly #positions: number[] = [];
  readonly #locations: (string | null)[] = [];

  constructor(machine: Machine, crashCase: CrashCase, number: number, life: Life, options: RecordOptions) {
    const order = options.order ?? new Turns(life.completions);
    this.#order = order;
    this.#vfs = new MemoryVfs(visibleDisk(machine));
    this.#recording = new Recording(machine.disk, machine.steps);
    this.#before = machine.steps.length;
    this.#notes = new LifeNotes(number, life);
    for (const text of life.faults ?? []) {
      const { label, occurrence } = parseSyncFault(text);
      this.#recording.failSync(label, occurrence, text);
    }
    this.#recording.onStep = (step) => {
      if (options.locate === true) this.#locations.push(callerInEngine());
      if (step.kind !== 'create') return;
      this.#notes.add({ kind: 'create', path: step.path });
      // It belongs to the step, not to what is said before or after it.
      this.#positions.push(this.#recording.steps.length - this.#before - 0.5);
    };
    this.#recording.onFault = (fault) => {
      this.#notes.events.push({ kind: 'fault', life: number, fault });
      this.#positions.push(this.#recording.steps.length - this.#before);
    };
    const random = stream(crashCase.seed, 'engine');
    let nowMs = 0;
    this.environment = {
      vfs: new RecordingVfs(new TurnVfs(this.#vfs, order), this.#recording),
      clock: { nowMs: () => nowMs++, after: (_delayMs, run) => order.parkTimer(run) },
      randomUint32: () => random.uint32(),
      pause: () => order.park(() => undefined),
    };
  }

  elsewhere() {
    return { ...this.environment, vfs: this.#vfs };
  }

  answer(answer: Answer): void {
    this.#notes.add(answer);
    while (this.#positions.length < this.#notes.events.length) {
      this.#positions.push(this.#recording.steps.length - this.#before);
    }
  }

  flush(): void {
    // Nobody else can kill this life, so nothing need be safe from it.
  }

  async takeTurns(turns: readonly number[]): Promise<void> {
    for (const choice of turns) {
      await settle();
      this.#order.take(choice);
    }
  }

  async runUntil(done: () => boolean): Promise<boolean> {
    return await this.#order.runUntil(done);
  }

  listFiles(engine: Engine) {
    const sizes = this.#vfs.sizes();
    return { files: { onDisk: sizes.map(({ path }) => path), ...engine.files() }, sizes };
  }

  describe(error: unknown) {
    return codeAndMessage(error);
  }

  steps() {
    return {};
  }

  recorded(): RecordedLife {
    const { events, recovered } = this.#notes;
    const steps = this.#recording.steps.slice(this.#before);
    const names = new StepNames();
    return {
      events,
      positions: this.#positions,
      steps,
      locations: this.#locations,
      names: steps.map(({ label }) => names.next(label)),
      recovered,
      fatal: events.some(({ kind }) => kind === 'open-failed' || kind === 'hang'),
    };
  }
}

/** The innermost line of the engine on the stack, as its sources have it; needs source maps. */
function callerInEngine(): string | null {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  const [, place] = /\/(engine\/(?!vfs\/)[\w./-]+\.ts:\d+):\d+/.exec(stack) ?? [];
  return place ?? null;
}
