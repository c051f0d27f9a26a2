import { EMPTY_DISK } from '../disk/disk.js';
import { poweredOn } from '../disk/machine.js';
import type { Simulation } from '../disk/simulation.js';
import { formatEnding, parseEnding } from '../faults/ending.js';
import type { LostStep, PowerEnding } from '../faults/power-ending.js';
import type { CulpritRecord } from '../run/record.js';
import type { HistoryEvent } from '../history/event.js';
import type { CrashCase, OperationName } from '../workload/case.js';
import { keysOf } from '../workload/case-facts.js';
import { byteText, type Operation, operationText, valuesIn, writesOf } from '../workload/operation.js';
import { barrierOf } from './barrier.js';
import { cutLife, followersOf, simulationAt } from './cut-life.js';
import { type MemoryOutcome, playInMemory } from './play-in-memory.js';
import { recordLife } from './record-life.js';
import { recordUpTo, strikeEarlier } from './strike-earlier.js';

/**
 * Says why a crash state hurts. The set of lost changes is made as small as it can be: a change that need not be lost for
 * the failure is kept, also where it takes along what must be lost. The power fails as early as that hurts. Then the
 * later change is sought that must have survived: one whose loss, too, would have healed the state. The first of the
 * lost and that one are the culprit pair: the one must be durable before the other. If nothing that survived matters,
 * what came too early was the acknowledgement.
 *
 * The search is greedy, in the order of the trace from its end, so it is repeatable; another pair may be as true.
 */
export async function explain(crashCase: CrashCase): Promise<Explained> {
  const first = await playInMemory(crashCase);
  const kinds = new Set(first.judgement.violations.map(({ kind }) => kind));
  const search = new Search(crashCase, first, (outcome) =>
    outcome.judgement.violations.some(({ kind }) => kinds.has(kind)),
  );
  // At an earlier moment less may have to be lost, and with less lost an earlier moment may do. Each round ends smaller.
  for (let before: CrashCase | undefined; before !== search.smallest;) {
    before = search.smallest;
    for (const life of search.smallest.lives.keys()) await search.loseLess(life);
    await search.strikeEarlier();
  }
  return { case: search.smallest, outcome: search.outcome, culprit: await search.culprit() };
}

export interface Explained {
  /** The case with fewer lost changes. */
  readonly case: CrashCase;
  readonly outcome: MemoryOutcome;
  /** Null if the failure does not come from a lost change. */
  readonly culprit: CulpritRecord | null;
}

class Search {
  smallest: CrashCase;
  outcome: MemoryOutcome;
  readonly #fails: (outcome: MemoryOutcome) => boolean;

  constructor(crashCase: CrashCase, outcome: MemoryOutcome, fails: (outcome: MemoryOutcome) => boolean) {
    this.smallest = crashCase;
    this.outcome = outcome;
    this.#fails = fails;
  }

  /** Keeps what need not be lost in one life's power loss, and lets a torn write be lost whole where that does, too. */
  async loseLess(life: number): Promise<void> {
    const ending = this.#powerEnding(life);
    if (ending === undefined) return;
    for (const item of [...ending.lost].reverse()) {
      const now = this.#powerEnding(life) ?? ending;
      await this.#try(life, { ...now, lost: now.lost.filter(({ name }) => name !== item.name) });
    }
    for (const item of this.#powerEnding(life)?.lost ?? []) {
      const now = this.#powerEnding(life) ?? ending;
      if (item.outcome.kind !== 'remnant') continue;
      const whole: LostStep = { name: item.name, outcome: { kind: 'lost' } };
      await this.#try(life, {
        ...now,
        lost: now.lost.map((lost) => (lost.name === item.name ? whole : lost)),
      });
    }
    for (const item of this.#powerEnding(life)?.lost ?? []) await this.#loseLater(life, item);
  }

  /** Puts the last change in the place of `item` that was lost for want of it and is enough by itself. */
  async #loseLater(life: number, item: LostStep): Promise<void> {
    const now = this.#powerEnding(life);
    if (now === undefined || item.outcome.kind !== 'lost') return;
    const followers = followersOf(await this.#simulationOf(life, now), item);
    for (const name of [...followers].reverse()) {
      const later: LostStep = { name, outcome: item.outcome };
      const lost = now.lost.map((other) => (other.name === item.name ? later : other));
      if (await this.#try(life, { ...now, lost })) return;
    }
  }

  /** What the power loss of this life could take. */
  async #simulationOf(life: number, { model }: PowerEnding): Promise<Simulation> {
    const { machine, recorded, position } = await recordUpTo(this.smallest, life);
    return simulationAt(machine, recorded, position, model);
  }

  /** Lets the power fail as early as what is lost hurts. */
  async strikeEarlier(): Promise<void> {
    await strikeEarlier(this.smallest, (candidate, life) => this.#take(candidate, life));
  }

  async culprit(): Promise<CulpritRecord | null> {
    const keys = keysOf(this.smallest);
    let machine = poweredOn(EMPTY_DISK);
    let culprit: CulpritRecord | null = null;
    for (const [number, life] of this.smallest.lives.entries()) {
      const recorded = await recordLife(machine, this.smallest, number, life, keys, { locate: true });
      const cut = cutLife(machine, number, recorded, life.end);
      const ending = this.#powerEnding(number);
      if (ending !== undefined && ending.lost.length > 0) {
        const simulation = simulationAt(machine, recorded, cut.position, ending.model);
        const pending = simulation.choices().map((choice) => choice.pending);
        const lostNames = new Set(ending.lost.map(({ name }) => name));
        const lost = pending.find(({ name }) => lostNames.has(name));
        const place = (name: string): string | null => {
          const index = recorded.names.indexOf(name);
          return recorded.locations[index] ?? null;
        };
        if (lost !== undefined) {
          const later = pending.filter(({ name, step }) => step > lost.step && !lostNames.has(name));
          const healer = await this.#healer(number, ending, later.map(({ name }) => name).reverse());
          const kept = healer ?? this.#acknowledgement() ?? recorded.names[cut.position - 1] ?? 'the end';
          // Where nothing came after what was lost, no order was broken: the loss only set the scene.
          if (kept !== lost.name) {
            culprit = {
              lost: lost.name,
              barrier: barrierOf(lost.change.label),
              kept,
              lostAt: place(lost.name),
              keptAt: healer === undefined ? null : place(healer),
              model: ending.model,
              lostSteps: ending.lost.map(({ name }) => name),
            };
          }
        }
      }
      machine = cut.machine;
    }
    return culprit;
  }

  /** The last surviving change without which the state would be sound. */
  async #healer(life: number, ending: PowerEnding, names: readonly string[]): Promise<string | undefined> {
    for (const name of names) {
      const lost: readonly LostStep[] = [...ending.lost, { name, outcome: { kind: 'lost' } }];
      const outcome = await playInMemory(this.#with(life, { ...ending, lost }));
      if (outcome.judgement.verdict === 'held') return name;
    }
    return undefined;
  }

  #acknowledgement(): string | undefined {
    for (const { operations } of this.outcome.judgement.violations) {
      for (const name of operations) {
        const { life, index } = this.#answered(name) ?? name;
        const operation = this.smallest.lives[life]?.operations[index]?.operation;
        if (operation !== undefined) return `the acknowledgement of ${shortText(operation)}`;
      }
    }
    return undefined;
  }

  /** The operation whose answer told of this one: its own, or the first that showed a value of it. */
  #answered({ life, index }: OperationName): OperationName | undefined {
    const operation = this.smallest.lives[life]?.operations[index]?.operation;
    const values = new Set(
      operation === undefined
        ? []
        : writesOf(operation).flatMap((write) => (write.kind === 'put' ? write.value : [])),
    );
    const answers = this.outcome.history.filter((event) => event.kind === 'ok' && event.life === life);
    const shows = (event: HistoryEvent): boolean =>
      event.kind === 'ok' && valuesIn(event.result).some((value) => value !== null && values.has(value));
    const answer =
      answers.find((event) => event.kind === 'ok' && event.index === index) ?? answers.find(shows);
    return answer?.kind === 'ok' ? { life, index: answer.index } : undefined;
  }

  async #try(life: number, ending: PowerEnding): Promise<boolean> {
    return await this.#take(this.#with(life, ending), life);
  }

  /** Goes on with the candidate if that life ends as it says and the case fails as before. */
  async #take(candidate: CrashCase, life: number): Promise<boolean> {
    const outcome = await playInMemory(candidate);
    const fired = outcome.lives[life]?.fired === true;
    if (!fired || !this.#fails(outcome)) return false;
    this.smallest = candidate;
    this.outcome = outcome;
    return true;
  }

  #with(life: number, ending: PowerEnding): CrashCase {
    const end = formatEnding(ending);
    return {
      ...this.smallest,
      lives: this.smallest.lives.map((other, index) => (index === life ? { ...other, end } : other)),
    };
  }

  #powerEnding(life: number): PowerEnding | undefined {
    const ending = parseEnding(this.smallest.lives[life]?.end ?? 'close');
    return ending.kind === 'power' ? ending : undefined;
  }
}

function shortText(operation: Operation): string {
  return operation.kind === 'put' || operation.kind === 'delete'
    ? `${operation.kind} ${byteText(operation.key)}`
    : (operationText(operation).split(' ', 1)[0] ?? operation.kind);
}
