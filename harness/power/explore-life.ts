import type { PowerPromise } from '../checker/promise.js';
import { PICK_KEPT } from '../disk/choices.js';
import { type Disk, hashDisk, withWrite } from '../disk/disk.js';
import { afterDeath, type Machine, poweredOn } from '../disk/machine.js';
import { modelOf } from '../disk/models/index.js';
import { Simulation } from '../disk/simulation.js';
import type { TraceStep } from '../disk/trace.js';
import type { ModelName } from '../disk/model.js';
import { formatEnding } from '../faults/ending.js';
import type { PowerMoment } from '../faults/power-ending.js';
import { type Random, stream } from '../random.js';
import type { CrashCase, Life } from '../workload/case.js';
import { Demands } from './demands.js';
import type { ExplorePlan } from './explore.js';
import { inspect, type Inspection } from './inspect.js';
import { lostSteps } from './cut-life.js';
import { killInsideText, killText, momentBeforeStep } from './moments.js';
import { pickStates } from './pick-states.js';
import { playInMemory, type MemoryOutcome } from './play-in-memory.js';
import type { PowerTally } from './power-tally.js';
import { recordLife, type RecordedLife } from './record-life.js';
import { isNumberReused } from './used-numbers.js';

/**
 * Every moment of one recorded life: all models walk along its steps, and wherever the set of pending changes or the
 * demands have changed, states are picked, made, recovered and compared with what is legal then. A disk that was
 * recovered before is not recovered again; only the demands of the new moment are checked.
 */
export async function exploreLife(context: ExploreContext, explored: LifeToExplore): Promise<LifeResult> {
  return await new LifeExplorer(context, explored).run();
}

export interface ExploreContext {
  readonly crashCase: CrashCase;
  readonly keys: readonly string[];
  readonly plan: ExplorePlan;
  readonly tally: PowerTally;
  readonly promise: PowerPromise;
}

export interface LifeToExplore {
  /** What the life started on. */
  readonly machine: Machine;
  readonly recorded: RecordedLife;
  /** The case up to this life; the last one is the recorded. */
  readonly lives: readonly Life[];
  /** 1 for the life that the case itself ends with. */
  readonly depth: number;
}

export interface LifeResult {
  readonly found: FoundState | undefined;
  /** What was objected to and not confirmed, one sentence each. */
  readonly doubts: readonly string[];
}

/** A case that ends in a crash state which the engine does not survive, as the exact judge says. */
export interface FoundState {
  readonly case: CrashCase;
  /** The case whose exploration found it, if its completions were put in an order that the given case does not hold. */
  readonly explored?: CrashCase;
  readonly model: string;
  readonly outcome: MemoryOutcome;
}

/** What a life that is explored after a crash does: a durable write, one that is not, a flush. */
const DEEPER_OPERATIONS: Life['operations'] = [
  { operation: { kind: 'put', key: '~again', value: '~1', sync: true } },
  { operation: { kind: 'put', key: '~again', value: '~2' } },
  { operation: { kind: 'flush' } },
];

class LifeExplorer {
  readonly #context: ExploreContext;
  readonly #life: LifeToExplore;
  readonly #keys: readonly string[];
  readonly #simulations: readonly Simulation[];
  readonly #known = new Map<number, Inspection & { readonly places: readonly number[] }>();
  readonly #random: Random;
  readonly #demands: Demands;
  readonly #doubts: string[] = [];
  readonly #chosen: ReadonlySet<number> | undefined;
  #found: FoundState | undefined;

  constructor(context: ExploreContext, life: LifeToExplore) {
    this.#context = context;
    this.#life = life;
    const { plan, promise } = context;
    const { machine, recorded, depth, lives } = life;
    this.#keys = depth === 1 ? context.keys : this.#keysDeeper();
    this.#demands = new Demands(recorded, baseOf(recorded), this.#keys, promise);
    this.#simulations = plan.models.map((model) => new Simulation(modelOf(model), machine.disk));
    const ends = lives.slice(0, -1).map(({ end }) => end);
    this.#random = stream(plan.seed, 'power', ...ends);
    this.#chosen = depth === 1 ? undefined : this.#drawPoints(recorded.steps.length);
    for (const simulation of this.#simulations) {
      for (const [index, step] of machine.steps.entries()) simulation.advance(step, machine.names[index]);
    }
  }

  async run(): Promise<LifeResult> {
    const { recorded, depth } = this.#life;
    let before = '';
    for (let steps = 0; steps <= recorded.steps.length && this.#found === undefined; steps++) {
      const step = recorded.steps[steps - 1];
      const changed = step !== undefined && step.kind !== 'none';
      const wanted = this.#isWanted(steps);
      const visibleBefore = wanted && step?.kind === 'write' ? this.#visible() : undefined;
      if (step !== undefined) {
        for (const simulation of this.#simulations) simulation.advance(step, recorded.names[steps - 1]);
      }
      if (!wanted) continue;
      const demands = this.#demands.at(steps);
      const now = `${demands.first} ${demands.killFirst} ${demands.last}`;
      // What was said last belongs to this moment, so each moment at which something was said or done counts.
      if (!changed && now === before && steps > 0) continue;
      before = now;
      if (depth === 1) this.#context.tally.point(this.#labelsAround(steps));
      if (this.#context.plan.kills) await this.#killHere(steps);
      if (this.#context.plan.kills && step?.kind === 'write' && visibleBefore !== undefined) {
        await this.#killInside(steps, step, visibleBefore);
      }
      for (const simulation of this.#simulations) {
        if (this.#found === undefined) await this.#powerFailsHere(simulation, steps);
      }
    }
    return { found: this.#found, doubts: this.#doubts };
  }

  /** The process dies: everything that was done is seen by the next one. */
  async #killHere(steps: number): Promise<void> {
    const { machine, recorded, lives } = this.#life;
    const dead = afterDeath(machine, lives.length - 1, recorded.steps.slice(0, steps));
    const demands = this.#demands.at(steps);
    const end = killText(this.#momentAt(steps));
    await this.#check('kill', this.#visible(), demands.killFirst, demands.last, end, dead);
  }

  /** The process dies in the middle of the last step. */
  async #killInside(steps: number, step: WriteStep, before: Disk): Promise<void> {
    const { machine, recorded, lives } = this.#life;
    if (step.bytes.length < 2 || this.#found !== undefined) return;
    const bytes = 1 + this.#random.below(step.bytes.length - 1);
    const part = { ...step, bytes: step.bytes.subarray(0, bytes) };
    const inside = afterDeath(machine, lives.length - 1, [...recorded.steps.slice(0, steps - 1), part]);
    const earlier = this.#demands.at(steps - 1);
    const insideEnd = killInsideText(recorded.names[steps - 1] ?? '', bytes);
    const disk = withWrite(before, step.path, step.offset, part.bytes);
    await this.#check('kill', disk, earlier.killFirst, earlier.last, insideEnd, inside);
  }

  async #powerFailsHere(simulation: Simulation, steps: number): Promise<void> {
    const { tally } = this.#context;
    const choices = simulation.choices();
    const { picks, reachable, exhausted } = pickStates(choices, this.#limits(), this.#random);
    tally.reach(simulation.model.name, reachable, exhausted);
    const { first, last } = this.#demands.at(steps);
    for (const picked of picks) {
      const end = (): string => this.#powerText(simulation, picked, steps);
      await this.#check(simulation.model.name, simulation.state(picked), first, last, end);
      if (this.#found !== undefined) return;
    }
  }

  #limits() {
    const { plan } = this.#context;
    if (this.#life.depth === 1) return plan;
    return { exhaustiveMax: 4, statesMax: DEEPER_STATES };
  }

  /** Recovers a disk, unless that was done before, and says whether what it shows is legal now. */
  async #check(
    model: ModelName | 'kill',
    disk: Disk,
    first: number,
    last: number,
    end: string | (() => string),
    dead?: Machine,
  ): Promise<void> {
    const { tally, crashCase, plan } = this.#context;
    const hash = hashDisk(disk);
    const fresh = tally.state(model, hash);
    let seen = this.#known.get(hash);
    if (seen === undefined) {
      const probe = this.#random.below(plan.probeOneIn) === 0;
      const inspection = await inspect(disk, crashCase, this.#keys, probe);
      tally.recovered(this.#life.depth);
      const places = inspection.content === undefined ? [] : this.#demands.placesOf(inspection.content);
      seen = { ...inspection, places };
      this.#known.set(hash, seen);
    }
    const reused = dead !== undefined && isNumberReused(dead, seen.lowestMade);
    const problem = reused ? 'a file number was used twice' : seen.problem;
    const legal = problem === undefined && seen.places.some((place) => place >= first && place <= last);
    tally.verdict(hash, legal);
    const text = (): string => (typeof end === 'string' ? end : end());
    if (!legal) await this.#accuse(model, text(), problem);
    else if (fresh && this.#life.depth < plan.depthMax && this.#random.below(this.#deeperOneIn()) === 0) {
      await this.#goDeeper(model, text(), dead ?? poweredOn(disk));
    }
  }

  /** The quick answer was no, or nobody knows: play it exactly and ask the judge. */
  async #accuse(model: string, end: string, problem: string | undefined): Promise<void> {
    const { crashCase, tally } = this.#context;
    const accused: CrashCase = { ...crashCase, lives: this.#livesEnding(end) };
    const outcome = await playInMemory(accused);
    const { verdict, doubts } = outcome.judgement;
    tally.judged();
    if (verdict === 'violated') {
      tally.failure(model);
      this.#found = { case: accused, model, outcome };
    } else if (verdict === 'unknown') this.#doubts.push(...doubts);
    else if (problem !== undefined) {
      this.#doubts.push(`Recovery of a state showed a problem that did not show again (${problem}): ${end}`);
    }
  }

  /** Recovers the state once more, slowly and recorded, and lets that life crash as well. */
  async #goDeeper(model: ModelName | 'kill', end: string, machine: Machine): Promise<void> {
    const { crashCase, plan } = this.#context;
    const life: Life = { operations: DEEPER_OPERATIONS, end: 'kill idle' };
    const lives = [...this.#livesEnding(end), life];
    const recorded = await recordLife(machine, crashCase, lives.length - 1, life, this.#keysDeeper());
    // A machine does not change its file system when it starts again.
    const models = model === 'kill' ? [this.#random.pick(plan.models)] : [model];
    const context = { ...this.#context, plan: { ...plan, models } };
    const deeper = { machine, recorded, lives, depth: this.#life.depth + 1 };
    const result = await exploreLife(context, deeper);
    this.#doubts.push(...result.doubts);
    this.#found = result.found;
  }

  #keysDeeper(): readonly string[] {
    return [...new Set([...this.#context.keys, '~again'])].sort();
  }

  #deeperOneIn(): number {
    const { plan } = this.#context;
    return this.#life.depth === 1 ? plan.deeperOneIn : DEEPEST_ONE_IN;
  }

  #livesEnding(end: string): readonly Life[] {
    const { lives } = this.#life;
    return lives.map((life, index) => (index === lives.length - 1 ? { ...life, end } : life));
  }

  /** What the process sees now: under every model, that is what is left if nothing is lost. */
  #visible(): Disk {
    const [simulation] = this.#simulations;
    if (simulation === undefined) throw new Error('Expected at least one persistence model.');
    return simulation.state(simulation.choices().map(() => PICK_KEPT));
  }

  /** Whether this moment was drawn, and the step before it or the one after it has a wanted label. */
  #isWanted(steps: number): boolean {
    if (this.#chosen !== undefined && !this.#chosen.has(steps)) return false;
    const { labels } = this.#context.plan;
    if (labels === undefined || this.#life.depth > 1) return true;
    return this.#labelsAround(steps).some((label) => labels.includes(label));
  }

  #labelsAround(steps: number): readonly string[] {
    return this.#life.recorded.steps.slice(Math.max(0, steps - 1), steps + 1).map(({ label }) => label);
  }

  #drawPoints(steps: number): ReadonlySet<number> {
    const drawn = new Set<number>();
    for (let draw = 0; draw < this.#context.plan.deeperPoints; draw++)
      drawn.add(this.#random.below(steps + 1));
    return drawn;
  }

  #momentAt(steps: number): PowerMoment {
    return momentBeforeStep(this.#life.recorded.names[steps]);
  }

  #powerText(simulation: Simulation, picked: readonly number[], steps: number): string {
    const lost = lostSteps(simulation, picked);
    return formatEnding({ kind: 'power', model: simulation.model.name, at: this.#momentAt(steps), lost });
  }
}

type WriteStep = Extract<TraceStep, { readonly kind: 'write' }>;

const DEEPER_STATES = 3;
const DEEPEST_ONE_IN = 12;

/** What the life showed when it was opened: its writes go on from there. */
function baseOf(recorded: RecordedLife): ReadonlyMap<string, string> {
  const observed = recorded.events.find((event) => event.kind === 'observe');
  return new Map(observed?.kind === 'observe' ? observed.scan : []);
}
