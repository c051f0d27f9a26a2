/** Where and how the run was made: enough to make it again, and to judge what its numbers are worth elsewhere. */
import type { JSX } from 'preact';
import type { RunRecord } from '../../harness/run/record.js';
import { durationText } from '../quantity.js';
import { Command, Data } from './data.js';

/** The environment of a run and the command that made it. */
export function EnvironmentSection({ record }: { readonly record: RunRecord }): JSX.Element {
  const { environment } = record;
  const facts: readonly (readonly [string, string])[] = [
    ['ninelives', environment.ninelives],
    ['child build', environment.build],
    ['node', environment.node],
    ['platform', environment.platform],
    ['processor', `${environment.cpu}, ${environment.cores} cores`],
    ['data directory', environment.dataDirectory],
    ['file system', environment.fileSystem],
    ['seed', String(record.seed)],
    ['started', record.startedAt],
    ['took', durationText(record.durationMs)],
  ];
  return (
    <section aria-labelledby="environment">
      <h2 id="environment">Environment</h2>
      <Command line={record.command} />
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>
              <Data text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
