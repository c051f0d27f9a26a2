/** What was tried: one row a scenario, with its promise in words and everything that weakens its verdict. */
import type { JSX } from 'preact';
import type { ScenarioRecord } from '../../harness/run/record.js';
import { countText, durationText } from '../quantity.js';
import { killTotal } from '../totals.js';
import { Data, Prose, VerdictBadge, Wide } from './data.js';

const DOUBTS_SHOWN_MAX = 10;

/** The scenarios of a run; renders nothing if there are none. */
export function ScenariosSection({
  scenarios,
}: {
  readonly scenarios: readonly ScenarioRecord[];
}): JSX.Element | null {
  if (scenarios.length === 0) return null;
  return (
    <section aria-labelledby="scenarios">
      <h2 id="scenarios">Scenarios</h2>
      <Wide name="Scenarios">
        <table class="scenarios">
          <thead>
            <tr>
              <th scope="col">verdict</th>
              <th scope="col">promise</th>
              {['cases', 'kills', 'recoveries', 'acknowledged', 'faults that never fired', 'time'].map(
                (name) => (
                  <th scope="col" class="number">
                    {name}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {scenarios.map((scenario) => (
              <ScenarioRow scenario={scenario} />
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

function ScenarioRow({ scenario }: { readonly scenario: ScenarioRecord }): JSX.Element {
  return (
    <tr>
      <td>
        <VerdictBadge verdict={scenario.verdict} />
      </td>
      <th scope="row" class="promise">
        <Prose text={scenario.title} />
        <small>
          <Data text={scenario.name} />
        </small>
        <Doubts doubts={scenario.doubts} />
      </th>
      <td class="number">{countText(scenario.cases)}</td>
      <td class="number">{countText(killTotal(scenario.kills))}</td>
      <td class="number">{countText(scenario.recoveries)}</td>
      <td class="number">{countText(scenario.acknowledged)}</td>
      <td class="number">{countText(scenario.faultsNotFired)}</td>
      <td class="number">{durationText(scenario.durationMs)}</td>
    </tr>
  );
}

function Doubts({ doubts }: { readonly doubts: readonly string[] }): JSX.Element | null {
  if (doubts.length === 0) return null;
  return (
    <ul class="doubts">
      {doubts.slice(0, DOUBTS_SHOWN_MAX).map((doubt) => (
        <li>
          <Prose text={doubt} />
        </li>
      ))}
      {doubts.length > DOUBTS_SHOWN_MAX && (
        <li>and {countText(doubts.length - DOUBTS_SHOWN_MAX)} more doubts</li>
      )}
    </ul>
  );
}
