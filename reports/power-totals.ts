/**
 * Sums over the power losses of a run, and the columns of the matrix scenario x persistence model. A state is a disk
 * that a power loss may leave. States are counted as they were tried: what a model allows and nobody tried is counted
 * too, since a run says nothing about it.
 */
import type { ModelRecord, PowerRecord, RunRecord, ScenarioRecord } from '../harness/run/record.js';

export type PowerScenario = ScenarioRecord & { readonly power: PowerRecord };

/** The scenarios that simulated power losses, in their order. */
export function powerScenarios(scenarios: readonly ScenarioRecord[]): readonly PowerScenario[] {
  return scenarios.filter((scenario): scenario is PowerScenario => scenario.power !== undefined);
}

/** The scenarios that tried a model of this group; a row of nothing would only hide the others. */
export function scenariosOf(
  group: ModelGroup,
  scenarios: readonly PowerScenario[],
): readonly PowerScenario[] {
  const inGroup = new Set(group.columns.map(({ model }) => model));
  return scenarios.filter(({ power }) => power.models.some(({ model }) => inGroup.has(model)));
}

export interface PowerTotals {
  /** Persistence models; one that was tried with failed syncs as well counts once. */
  readonly models: number;
  /** True if syncs were made to fail under some model. */
  readonly withFailedSyncs: boolean;
  /** Different disks of each scenario, summed: two scenarios may share one. */
  readonly distinct: number;
  readonly tried: number;
  /** Tried states whose disk had been seen before in the same scenario. */
  readonly equal: number;
  /** Allowed states that were not tried, at most. */
  readonly untried: number;
  readonly failures: number;
  readonly points: number;
  readonly exhaustedPoints: number;
  readonly recoveries: number;
  /** By depth: after the first crash, after a crash while recovering, ... */
  readonly depths: readonly number[];
  readonly failedSyncs: number;
  readonly operations: number;
}

/** Totals of all scenarios with power losses; all 0 if there are none. */
export function powerTotals(record: RunRecord): PowerTotals {
  const powers = powerScenarios(record.scenarios).map((scenario) => scenario.power);
  const models = powers.flatMap((power) => power.models);
  const distinct = sum(powers, (power) => power.distinct);
  const tried = sum(models, (model) => model.tried);
  const depthCount = powers.reduce((most, power) => Math.max(most, power.depths.length), 0);
  return {
    models: new Set(models.map((model) => splitModel(model.model).base)).size,
    withFailedSyncs: models.some((model) => splitModel(model.model).layer !== ''),
    distinct,
    tried,
    equal: Math.max(0, tried - distinct),
    untried: sum(models, untriedStates),
    failures: sum(models, (model) => model.failures),
    points: sum(models, (model) => model.points),
    exhaustedPoints: sum(models, (model) => model.exhaustedPoints),
    recoveries: sum(powers, (power) => power.recoveries),
    depths: Array.from({ length: depthCount }, (_, depth) =>
      sum(powers, (power) => power.depths[depth] ?? 0),
    ),
    failedSyncs: sum(powers, (power) => power.failedSyncs),
    operations: sum(powers, (power) => power.operations),
  };
}

/** States that the model allows at its points and that were not tried, at most. */
export function untriedStates(model: ModelRecord): number {
  return Math.max(0, model.reachable - model.tried);
}

export interface ModelGroup {
  /** What was layered on the models: '' for nothing, else such as `fsync-fails`. */
  readonly layer: string;
  /** Names of the models without the layer, and as the record has them. */
  readonly columns: readonly { readonly base: string; readonly model: string }[];
}

/** All models of the scenarios in the order in which they come, those with a failed sync apart from the others. */
export function modelGroups(scenarios: readonly PowerScenario[]): readonly ModelGroup[] {
  const names = new Set(scenarios.flatMap(({ power }) => power.models.map(({ model }) => model)));
  const groups = new Map<string, { readonly base: string; readonly model: string }[]>();
  for (const model of names) {
    const { base, layer } = splitModel(model);
    const columns = groups.get(layer) ?? [];
    columns.push({ base, model });
    groups.set(layer, columns);
  }
  return [...groups].map(([layer, columns]) => ({ layer, columns }));
}

function splitModel(model: string): { readonly base: string; readonly layer: string } {
  const plus = model.indexOf('+');
  return plus === -1
    ? { base: model, layer: '' }
    : { base: model.slice(0, plus), layer: model.slice(plus + 1) };
}

function sum<Item>(items: readonly Item[], pick: (item: Item) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}
