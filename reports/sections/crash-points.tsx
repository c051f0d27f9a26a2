/**
 * The crash points as a heat map: a row a step, a column a moment, a cell the processes killed there. Shade grows
 * with the logarithm of the kills, because a step of the WAL is reached a thousand times more often than one of
 * the MANIFEST. Grey means that the run says nothing about that point.
 */
import type { JSX } from 'preact';
import type { CrashPointCell, CrashPointRow } from '../../harness/run/record.js';
import { countText } from '../quantity.js';
import { crashPointsOf, groupByPhase } from '../totals.js';
import { Prose, Wide } from './data.js';

const SHADES = 5;

/** All crash points grouped by phase. */
export function CrashPointsSection({
  rows,
}: {
  readonly rows: readonly CrashPointRow[];
}): JSX.Element | null {
  if (rows.length === 0) return null;
  const points = rows.flatMap(crashPointsOf);
  const killsMax = points.reduce((most, point) => Math.max(most, point.cell.kills), 0);
  return (
    <section aria-labelledby="crash-points">
      <h2 id="crash-points">Where it was killed</h2>
      <Legend />
      <div class="phases">
        {groupByPhase(rows).map(({ phase, rows: steps }) => (
          <PhaseTable phase={phase} rows={steps} killsMax={killsMax} />
        ))}
      </div>
    </section>
  );
}

function Legend(): JSX.Element {
  return (
    <p class="note legend">
      <span>Kills before, inside and after each step.</span>
      <span>
        <span class="heat shade-4">12</span> kills
      </span>
      <span>
        <span class="heat failed">12 ✗2</span> of which 2 ended in a failure
      </span>
      <span>
        <span class="heat none">0</span> the step ran, nothing was killed there
      </span>
      <span>
        <span class="heat never">never reached</span> no run came by
      </span>
      <span>
        <span class="heat">–</span> nothing to cut
      </span>
    </p>
  );
}

interface PhaseTableInput {
  readonly phase: string;
  readonly rows: readonly CrashPointRow[];
  readonly killsMax: number;
}

function PhaseTable({ phase, rows, killsMax }: PhaseTableInput): JSX.Element {
  const points = rows.flatMap(crashPointsOf);
  const reached = points.filter((point) => point.cell.kills > 0).length;
  return (
    <Wide name={`Crash points of one phase, ${reached} of ${points.length} reached`}>
      <table class="points">
        <caption>
          <Prose text={phase} />{' '}
          <small>
            {reached} of {points.length}
          </small>
        </caption>
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col" class="number">
              ran
            </th>
            <th scope="col">before</th>
            <th scope="col">inside</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <StepRow row={row} phase={phase} killsMax={killsMax} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

interface StepRowInput {
  readonly row: CrashPointRow;
  readonly phase: string;
  readonly killsMax: number;
}

function StepRow({ row, phase, killsMax }: StepRowInput): JSX.Element {
  const step = row.label.startsWith(`${phase}/`) ? row.label.slice(phase.length + 1) : row.label;
  const heading = (
    <th scope="row">
      <code>
        <Prose text={step} />
      </code>
    </th>
  );
  if (row.reached === 0 && crashPointsOf(row).every((point) => point.cell.kills === 0)) {
    return (
      <tr class="unreached">
        {heading}
        <td class="number">0</td>
        <td class="heat never" colSpan={3}>
          never reached
        </td>
      </tr>
    );
  }
  return (
    <tr>
      {heading}
      <td class="number">{countText(row.reached)}</td>
      <Cell cell={row.before} killsMax={killsMax} />
      <Cell cell={row.inside} killsMax={killsMax} />
      <Cell cell={row.after} killsMax={killsMax} />
    </tr>
  );
}

function Cell({
  cell,
  killsMax,
}: {
  readonly cell: CrashPointCell | null;
  readonly killsMax: number;
}): JSX.Element {
  if (cell === null) return <td class="heat">–</td>;
  if (cell.failures > 0) {
    return (
      <td class="heat failed">
        {countText(cell.kills)} ✗{countText(cell.failures)}
      </td>
    );
  }
  if (cell.kills === 0) return <td class="heat none">0</td>;
  return <td class={`heat shade-${shadeOf(cell.kills, killsMax)}`}>{countText(cell.kills)}</td>;
}

/** 1 for the least, `SHADES` for the most. */
function shadeOf(kills: number, killsMax: number): number {
  if (killsMax <= 1) return SHADES;
  return 1 + Math.min(SHADES - 1, Math.floor((Math.log(kills) / Math.log(killsMax)) * (SHADES - 1) + 1e-9));
}
