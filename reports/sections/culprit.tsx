/** The culprit of a failure: the order of two steps that is missing, and where both are in the source. */
import type { JSX } from 'preact';
import type { CulpritRecord, FailureRecord } from '../../harness/run/record.js';
import { groupByCulprit, isStep, missingOrder } from '../culprit-text.js';
import type { MissingOrder } from '../culprit-text.js';
import { countText, counted } from '../quantity.js';
import { Data, Prose } from './data.js';

const GROUPS_SHOWN_MAX = 20;
const LOST_SHOWN_MAX = 8;

/** How many failures each culprit explains; renders nothing if no culprit is known. */
export function CulpritGroups({
  failures,
}: {
  readonly failures: readonly FailureRecord[];
}): JSX.Element | null {
  const groups = groupByCulprit(failures);
  if (groups.every(({ order }) => order === undefined)) return null;
  return (
    <ul class="culprits">
      {groups.slice(0, GROUPS_SHOWN_MAX).map((group) => (
        <li>
          <strong>{counted(group.failures.length, 'failure')}:</strong>{' '}
          {group.order === undefined ? 'no culprit is known' : <Order order={group.order} />}
        </li>
      ))}
      {groups.length > GROUPS_SHOWN_MAX && (
        <li>and {counted(groups.length - GROUPS_SHOWN_MAX, 'more culprit')}</li>
      )}
    </ul>
  );
}

/** The box in which one failure names its culprit. */
export function CulpritBox({ culprit }: { readonly culprit: CulpritRecord }): JSX.Element {
  return (
    <div class="culprit">
      <h4>Culprit</h4>
      <p>
        <Order order={missingOrder(culprit)} />
      </p>
      <dl class="key">
        <Fact name="lost" step={culprit.lost} place={culprit.lostAt} />
        <Fact name="kept" step={culprit.kept} place={culprit.keptAt} />
        <div>
          <dt>model</dt>
          <dd>
            <Prose text={culprit.model} />
          </dd>
        </div>
        {culprit.lostSteps.length > 1 && (
          <div>
            <dt>needed</dt>
            <dd>
              the loss of <Steps steps={culprit.lostSteps} />
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

function Order({ order }: { readonly order: MissingOrder }): JSX.Element {
  return (
    <>
      <Step text={order.first} /> must be durable before <Step text={order.then} />
    </>
  );
}

function Step({ text }: { readonly text: string }): JSX.Element {
  return isStep(text) ? <Data text={text} /> : <Prose text={text} />;
}

interface FactInput {
  readonly name: string;
  readonly step: string;
  readonly place: string | null;
}

function Fact({ name, step, place }: FactInput): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Step text={step} />
        {place !== null && (
          <>
            {' '}
            at <Data text={place} />
          </>
        )}
      </dd>
    </div>
  );
}

function Steps({ steps }: { readonly steps: readonly string[] }): JSX.Element {
  return (
    <>
      {steps.slice(0, LOST_SHOWN_MAX).map((step, index) => (
        <>
          {index > 0 && ', '}
          <Data text={step} />
        </>
      ))}
      {steps.length > LOST_SHOWN_MAX && ` and ${countText(steps.length - LOST_SHOWN_MAX)} more`}
    </>
  );
}
