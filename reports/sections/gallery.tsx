/** The gallery: bugs planted on purpose, and whether the harness caught each. A bug not caught is a hole in the harness. */
import type { JSX } from 'preact';
import type { GalleryCulprit, GalleryRow } from '../../harness/run/record.js';
import { countText, durationText } from '../quantity.js';
import { Command, Data, Prose, Wide } from './data.js';

/** The gallery of planted bugs; renders nothing if it was not run. */
export function GallerySection({
  gallery,
}: {
  readonly gallery: readonly GalleryRow[] | undefined;
}): JSX.Element | null {
  if (gallery === undefined) return null;
  const caught = gallery.filter((row) => row.caught).length;
  const withCulprits = gallery.some((row) => row.culprit !== undefined);
  return (
    <section aria-labelledby="gallery">
      <h2 id="gallery">
        Planted bugs: {caught} of {gallery.length} caught
      </h2>
      <Wide name="Planted bugs">
        <table class="gallery">
          <thead>
            <tr>
              <th scope="col">result</th>
              <th scope="col">planted bug</th>
              <th scope="col">caught by</th>
              <th scope="col">expected</th>
              {withCulprits && <th scope="col">culprit</th>}
              <th scope="col" class="number">
                time to find
              </th>
              <th scope="col" class="number">
                cases
              </th>
              <th scope="col" class="number">
                operations
              </th>
            </tr>
          </thead>
          <tbody>
            {gallery.map((row) => (
              <BugRow row={row} withCulprits={withCulprits} />
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

interface BugRowInput {
  readonly row: GalleryRow;
  readonly withCulprits: boolean;
}

function BugRow({ row, withCulprits }: BugRowInput): JSX.Element {
  return (
    <tr>
      <td>
        <span class={row.caught ? 'badge held' : 'badge violated'}>
          {row.caught ? '✓ caught' : '✗ missed'}
        </span>
      </td>
      <th scope="row" class="promise">
        <Prose text={row.what} />
        <small>
          <Data text={row.id} /> resembles <Prose text={row.resembles} />
        </small>
        {row.replay !== undefined && (
          <details>
            <summary>see it again</summary>
            <Command line={row.replay} />
          </details>
        )}
        {row.error !== undefined && (
          <small>
            <strong>Not run:</strong> <Prose text={row.error} />
          </small>
        )}
      </th>
      <td>{row.by.length === 0 ? '–' : <Prose text={row.by.join(', ')} />}</td>
      <td>
        <Prose text={row.expected.join(', ')} />
      </td>
      {withCulprits && (
        <td>
          <Culprit culprit={row.culprit} />
        </td>
      )}
      <td class="number">{durationText(row.findMs)}</td>
      <td class="number">{countText(row.cases)}</td>
      <td class="number">{countText(row.operations)}</td>
    </tr>
  );
}

function Culprit({ culprit }: { readonly culprit: GalleryCulprit | undefined }): JSX.Element {
  if (culprit === undefined) return <>–</>;
  if (culprit.right) return <span class="held">✓ right</span>;
  return (
    <>
      <span class="violated">✗ wrong</span>
      <small class="below">
        expected <Prose text={culprit.expected} />,{' '}
        {culprit.found === null ? (
          'none was found'
        ) : (
          <>
            found <Prose text={culprit.found} />
          </>
        )}
      </small>
    </>
  );
}
