import type { ViolationKind } from '../checker/verdict.js';
import type { ModelName } from '../disk/model.js';
import { MODEL_NAMES } from '../disk/model.js';
import type { CrashCase, Life } from '../workload/case.js';
import { explore, type ExplorePlan } from './explore.js';
import type { FoundState } from './explore-life.js';

/**
 * Makes the history of a found state shorter: operations are left out by halves, quarters, ... one by one, and what is
 * left is explored again under the same model, since another history has other crash states. A candidate wins if the
 * exploration finds a state that is violated in the same way. The crash point and the set of lost changes come with it;
 * they are made smaller afterwards (run/minimise.ts, explain.ts).
 */
export async function shrink(request: ShrinkRequest): Promise<Shrunk> {
  const kinds = new Set(request.found.outcome.judgement.violations.map(({ kind }) => kind));
  let best = request.found;
  let explored = request.explored;
  let runs = 0;
  for (let size = operationsOf(explored).length; size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < operationsOf(explored).length && runs < request.runsMax;) {
      const operations = operationsOf(explored).toSpliced(start, size);
      const candidate = withOperations(explored, operations);
      runs++;
      const found = await failsAlike(candidate, best, kinds, request.plan);
      if (found === undefined) start += size;
      else {
        best = found;
        explored = candidate;
      }
    }
  }
  return { found: best, runs };
}

export interface ShrinkRequest {
  /** The case that was explored; its last life is the one whose operations are left out. */
  readonly explored: CrashCase;
  readonly found: FoundState;
  readonly plan: ExplorePlan;
  /** Explorations that it may take. */
  readonly runsMax: number;
}

export interface Shrunk {
  readonly found: FoundState;
  readonly runs: number;
}

async function failsAlike(
  candidate: CrashCase,
  best: FoundState,
  kinds: ReadonlySet<ViolationKind>,
  plan: ExplorePlan,
): Promise<FoundState | undefined> {
  const model = MODEL_NAMES.find((name) => name === best.model);
  const deep = best.case.lives.length > candidate.lives.length;
  const models: readonly ModelName[] = model === undefined ? plan.models : [model];
  const { found } = await explore(candidate, {
    ...plan,
    models,
    order: 'case',
    depthMax: deep ? plan.depthMax : 1,
    deeperOneIn: deep ? 4 : 1,
    exhaustiveMax: 8,
    statesMax: 12,
  });
  const alike = found?.outcome.judgement.violations.some(({ kind }) => kinds.has(kind)) === true;
  return alike ? found : undefined;
}

function operationsOf(crashCase: CrashCase): Life['operations'] {
  return crashCase.lives.at(-1)?.operations ?? [];
}

function withOperations(crashCase: CrashCase, operations: Life['operations']): CrashCase {
  const last = crashCase.lives.length - 1;
  return {
    ...crashCase,
    lives: crashCase.lives.map((life, index) => (index === last ? { ...life, operations } : life)),
  };
}
