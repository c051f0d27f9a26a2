/** How much stands behind the matrix of power losses: the counts of each scenario, and of each model within it. */
import type { JSX } from 'preact';
import type { ModelRecord } from '../../harness/run/record.js';
import { untriedStates } from '../power-totals.js';
import type { PowerScenario } from '../power-totals.js';
import { countText, hugeText } from '../quantity.js';
import { Data, Prose, VerdictBadge, Wide } from './data.js';

const SCENARIO_COLUMNS = ['distinct disks', 'recoveries', 'by depth', 'failed syncs', 'operations'];
const MODEL_COLUMNS = [
  ...['points', 'of these exhausted', 'allowed, at most', 'tried', 'equal', 'distinct', 'not tried, about'],
  'violations',
];

/** Two tables, folded away. */
export function PowerCounts({ scenarios }: { readonly scenarios: readonly PowerScenario[] }): JSX.Element {
  return (
    <details class="power-counts">
      <summary>States that are allowed, distinct, equal and not tried</summary>
      <Wide name="Power losses by scenario">
        <table>
          <thead>
            <tr>
              <th scope="col">scenario</th>
              <NumberHeadings names={SCENARIO_COLUMNS} />
              <th scope="col" class="digest">
                digest
              </th>
            </tr>
          </thead>
          <tbody>
            {scenarios.map((scenario) => (
              <ScenarioCounts scenario={scenario} />
            ))}
          </tbody>
        </table>
      </Wide>
      <p class="note">
        Recoveries by depth: after the first crash, after a crash during that recovery, and so on. The digest
        is the same whenever the same states were tried in the same order with the same outcome.
      </p>
      {scenarios.map((scenario) => (
        <ModelTable scenario={scenario} />
      ))}
    </details>
  );
}

function NumberHeadings({ names }: { readonly names: readonly string[] }): JSX.Element {
  return (
    <>
      {names.map((name) => (
        <th scope="col" class="number">
          {name}
        </th>
      ))}
    </>
  );
}

function ScenarioCounts({ scenario: { name, power } }: { readonly scenario: PowerScenario }): JSX.Element {
  return (
    <tr>
      <th scope="row">
        <Data text={name} />
      </th>
      <td class="number">{countText(power.distinct)}</td>
      <td class="number">{countText(power.recoveries)}</td>
      <td class="number">{power.depths.map(countText).join(' · ')}</td>
      <td class="number">{countText(power.failedSyncs)}</td>
      <td class="number">{countText(power.operations)}</td>
      <td class="digest">
        <Data text={power.digest} />
      </td>
    </tr>
  );
}

function ModelTable({ scenario }: { readonly scenario: PowerScenario }): JSX.Element {
  return (
    <Wide name="Disk states of one scenario by persistence model">
      <table class="states">
        <caption>
          <Prose text={scenario.name} />
        </caption>
        <thead>
          <tr>
            <th scope="col">model</th>
            <th scope="col">verdict</th>
            <NumberHeadings names={MODEL_COLUMNS} />
          </tr>
        </thead>
        <tbody>
          {scenario.power.models.map((row) => (
            <ModelCounts row={row} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function ModelCounts({ row }: { readonly row: ModelRecord }): JSX.Element {
  return (
    <tr>
      <th scope="row">
        <Prose text={row.model} />
      </th>
      <td>
        <VerdictBadge verdict={row.verdict} />
      </td>
      <td class="number">{countText(row.points)}</td>
      <td class="number">{countText(row.exhaustedPoints)}</td>
      <td class="number">{hugeText(row.reachable)}</td>
      <td class="number">{countText(row.tried)}</td>
      <td class="number">{countText(Math.max(0, row.tried - row.distinct))}</td>
      <td class="number">{countText(row.distinct)}</td>
      <td class="number">{hugeText(untriedStates(row))}</td>
      <td class="number">{countText(row.failures)}</td>
    </tr>
  );
}
