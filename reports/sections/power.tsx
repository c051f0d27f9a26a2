/**
 * Power loss as a matrix: a row a scenario, a column a persistence model, a cell the verdict with the number of
 * distinct disk states that it rests on. Below it stands what was not tried, because a tick over a sample is no proof.
 */
import type { JSX } from 'preact';
import type { ModelRecord, RunRecord } from '../../harness/run/record.js';
import { layerText, powerSentences } from '../power-text.js';
import { modelGroups, powerScenarios, scenariosOf } from '../power-totals.js';
import type { ModelGroup, PowerScenario } from '../power-totals.js';
import { countText } from '../quantity.js';
import { VERDICT_SHAPE } from '../verdict-text.js';
import { Data, Prose, Wide } from './data.js';
import { PowerCounts } from './power-counts.js';

/** The power losses of a run; renders nothing if none were simulated. */
export function PowerSection({ record }: { readonly record: RunRecord }): JSX.Element | null {
  const scenarios = powerScenarios(record.scenarios);
  if (scenarios.length === 0) return null;
  return (
    <section aria-labelledby="power">
      <h2 id="power">Power loss: scenario × persistence model</h2>
      <p class="note">
        Each number counts distinct disk states: what a power loss may have left by the rules of the model, or
        a kill, which loses nothing.
      </p>
      {modelGroups(scenarios).map((group) => (
        <Matrix group={group} scenarios={scenariosOf(group, scenarios)} />
      ))}
      {powerSentences(record).map((sentence) => (
        <p class="note">{sentence}</p>
      ))}
      <PowerCounts scenarios={scenarios} />
    </section>
  );
}

interface MatrixInput {
  readonly group: ModelGroup;
  readonly scenarios: readonly PowerScenario[];
}

function Matrix({ group, scenarios }: MatrixInput): JSX.Element {
  const layer = layerText(group.layer);
  return (
    <Wide name={layer === '' ? 'Verdicts by persistence model' : 'Verdicts by persistence model and fault'}>
      <table class="matrix">
        {layer !== '' && (
          <caption>
            <Prose text={layer} />
          </caption>
        )}
        <thead>
          <tr>
            <th scope="col">scenario</th>
            {group.columns.map(({ base }) => (
              <th scope="col">
                <Prose text={base} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {scenarios.map((scenario) => (
            <tr>
              <th scope="row">
                <Data text={scenario.name} />
              </th>
              {group.columns.map(({ model }) => (
                <Cell row={scenario.power.models.find((row) => row.model === model)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Cell({ row }: { readonly row: ModelRecord | undefined }): JSX.Element {
  if (row === undefined || (row.tried === 0 && row.verdict === 'held')) {
    return (
      <td class="state untried">
        <span aria-hidden="true">–</span> none tried
      </td>
    );
  }
  return (
    <td class={`state ${row.verdict}`}>
      <span aria-hidden="true">{VERDICT_SHAPE[row.verdict]}</span>{' '}
      {row.verdict === 'violated' ? <strong>violated</strong> : row.verdict}
      <small>{countText(row.distinct)}</small>
    </td>
  );
}
