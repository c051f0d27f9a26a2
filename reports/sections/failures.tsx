/**
 * Every failure, worst question first: what is wrong, which key, the culprit, how to see it again, what happened before, and
 * what was in the directory. Long lists are cut and say so; the case file holds everything.
 */
import type { JSX } from 'preact';
import type { Violation } from '../../harness/checker/verdict.js';
import type { FailureRecord } from '../../harness/run/record.js';
import { groupByCulprit } from '../culprit-text.js';
import { countText, counted } from '../quantity.js';
import { CulpritBox, CulpritGroups } from './culprit.js';
import { Bytes, Command, Data, Prose } from './data.js';
import { DirectoriesSection } from './directories.js';
import { HistorySection } from './history.js';

const FAILURES_SHOWN_MAX = 20;
const VIOLATIONS_SHOWN_MAX = 10;
const LISTED_MAX = 8;

/** All failures of a run; renders nothing if there are none. */
export function FailuresSection({
  failures,
}: {
  readonly failures: readonly FailureRecord[];
}): JSX.Element | null {
  if (failures.length === 0) return null;
  const grouped = groupByCulprit(failures).flatMap((group) => group.failures);
  return (
    <section aria-labelledby="failures">
      <h2 id="failures">{counted(failures.length, 'failure')}</h2>
      <CulpritGroups failures={failures} />
      {grouped.slice(0, FAILURES_SHOWN_MAX).map((failure, index) => (
        <Failure failure={failure} number={index + 1} />
      ))}
      {failures.length > FAILURES_SHOWN_MAX && (
        <p class="note">
          Showing the first {FAILURES_SHOWN_MAX} of {countText(failures.length)} failures; all of them are in
          the JSON record.
        </p>
      )}
    </section>
  );
}

function Failure({
  failure,
  number,
}: {
  readonly failure: FailureRecord;
  readonly number: number;
}): JSX.Element {
  const { times, of } = failure.reproduced;
  const hidden = failure.violations.length - VIOLATIONS_SHOWN_MAX;
  return (
    <article class="failure">
      <h3>
        <span class="badge violated">✗ failure {number}</span> <Data text={failure.scenario} />
      </h3>
      {failure.violations.slice(0, VIOLATIONS_SHOWN_MAX).map((violation) => (
        <ViolationBox violation={violation} />
      ))}
      {hidden > 0 && (
        <p class="note">and {countText(hidden)} more violations; all of them are in the JSON record.</p>
      )}
      {failure.culprit !== undefined && <CulpritBox culprit={failure.culprit} />}
      <h4>Replay</h4>
      <Command line={failure.command} />
      <p class="note">
        Case file <Data text={failure.caseFile} />. Minimised from{' '}
        {counted(failure.operationsBefore, 'operation')} to {countText(failure.operationsAfter)} in{' '}
        {counted(failure.shrinkRuns, 'run')}; the minimised case failed again {countText(times)} of{' '}
        {counted(of, 'time')}
        {times < of ? ', so it does not fail every time.' : '.'}
      </p>
      <HistorySection failure={failure} />
      <DirectoriesSection failure={failure} />
    </article>
  );
}

function ViolationBox({ violation }: { readonly violation: Violation }): JSX.Element {
  return (
    <div class="violation">
      <p>
        <strong>{violation.kind}</strong> in life {violation.life}: <Prose text={violation.message} />
      </p>
      <dl class="key">
        {violation.key !== undefined && (
          <div>
            <dt>key</dt>
            <dd>
              <Bytes text={violation.key} />
            </dd>
          </div>
        )}
        {violation.legal !== undefined && (
          <div>
            <dt>legal</dt>
            <dd>
              <LegalValues legal={violation.legal} />
            </dd>
          </div>
        )}
        {violation.found !== undefined && (
          <div class="found">
            <dt>found ✗</dt>
            <dd>
              <Bytes text={violation.found} />
            </dd>
          </div>
        )}
        {violation.files !== undefined && violation.files.length > 0 && (
          <div>
            <dt>files</dt>
            <dd>
              <FileNames files={violation.files} />
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

function FileNames({ files }: { readonly files: readonly string[] }): JSX.Element {
  return (
    <>
      {files.slice(0, LISTED_MAX).map((file, index) => (
        <>
          {index > 0 && ', '}
          <Data text={file} />
        </>
      ))}
      {files.length > LISTED_MAX && ` and ${countText(files.length - LISTED_MAX)} more`}
    </>
  );
}

function LegalValues({ legal }: { readonly legal: readonly (string | null)[] }): JSX.Element {
  if (legal.length === 0) return <>no value is legal</>;
  return (
    <>
      {legal.slice(0, LISTED_MAX).map((value, index) => (
        <>
          {index > 0 && ' or '}
          <Bytes text={value} />
        </>
      ))}
      {legal.length > LISTED_MAX && ` or ${countText(legal.length - LISTED_MAX)} others`}
    </>
  );
}
