/** The top of the page: the verdict, what it means, what was counted, and the commands that make it again. */
import type { JSX } from 'preact';
import type { RunRecord } from '../../harness/run/record.js';
import { powerTotals } from '../power-totals.js';
import { countText, counted, durationText } from '../quantity.js';
import { killsWereTried, runTotals } from '../totals.js';
import { VERDICT_SHAPE, verdictSentence } from '../verdict-text.js';
import { Command } from './data.js';

const COMMANDS_SHOWN_MAX = 5;

/** The verdict of a whole run. */
export function VerdictSection({ record }: { readonly record: RunRecord }): JSX.Element {
  return (
    <section class="verdict" aria-labelledby="verdict">
      <h1 id="verdict" class={record.verdict}>
        <span class="shape" aria-hidden="true">
          {VERDICT_SHAPE[record.verdict]}
        </span>{' '}
        {record.verdict}
      </h1>
      <p class="meaning">{verdictSentence(record)}</p>
      {record.interrupted && (
        <p class="note">
          <strong>Interrupted:</strong> the run was stopped before its budget was used. The counts are what it
          did until then.
        </p>
      )}
      {record.scenarios.length > 0 && <Counts record={record} />}
      {record.failures.length > 0 && <ReplayCommands record={record} />}
    </section>
  );
}

function Counts({ record }: { readonly record: RunRecord }): JSX.Element {
  const totals = runTotals(record);
  const { exact, timed, idle } = totals.kills;
  const power = powerTotals(record);
  const killed = killsWereTried(record);
  return (
    <dl class="counts">
      {killed && (
        <>
          <Count
            name="kills"
            value={countText(totals.killsAll)}
            detail={`${countText(exact)} exact · ${countText(timed)} timed · ${countText(idle)} idle`}
          />
          <Count name="recoveries" value={countText(totals.recoveries)} detail="opens of what a crash left" />
        </>
      )}
      {power.models > 0 && (
        <Count
          name="disk states tried"
          value={countText(power.distinct)}
          detail={`distinct · ${counted(power.models, 'model')}`}
        />
      )}
      <Count
        name="operations acknowledged"
        value={countText(totals.acknowledged)}
        detail={`of ${countText(totals.operations)} asked`}
      />
      {killed && (
        <Count
          name="crash points reached"
          value={countText(totals.pointsReached)}
          detail={`of all ${countText(totals.points)}`}
        />
      )}
      <Count
        name="duration"
        value={durationText(record.durationMs)}
        detail={`${countText(totals.cases)} cases`}
      />
    </dl>
  );
}

function Count(count: {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
}): JSX.Element {
  return (
    <div>
      <dt>{count.name}</dt>
      <dd>
        <strong>{count.value}</strong>
        <small>{count.detail}</small>
      </dd>
    </div>
  );
}

function ReplayCommands({ record }: { readonly record: RunRecord }): JSX.Element {
  const hidden = record.failures.length - COMMANDS_SHOWN_MAX;
  return (
    <>
      <h3>{record.failures.length === 1 ? 'See it again' : 'See them again'}</h3>
      {record.failures.slice(0, COMMANDS_SHOWN_MAX).map((failure) => (
        <Command line={failure.command} />
      ))}
      {hidden > 0 && <p class="note">and {countText(hidden)} more below.</p>}
    </>
  );
}
