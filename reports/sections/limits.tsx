/** The honest end of the page: what a reader must not conclude from it. */
import type { JSX } from 'preact';
import { Prose } from './data.js';

/** What the run did not test, one sentence each. */
export function LimitsSection({ limits }: { readonly limits: readonly string[] }): JSX.Element {
  return (
    <section class="limits" aria-labelledby="limits">
      <h2 id="limits">What this run did not test</h2>
      {limits.length === 0 ? (
        <p>The record names no limits; that is an omission, not a promise.</p>
      ) : (
        <ul>
          {limits.map((limit) => (
            <li>
              <Prose text={limit} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
