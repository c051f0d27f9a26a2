/**
 * The directory as a crash left it beside the directory after the next recovery, with the files that vanished,
 * appeared or changed their size marked. Listings come in the order in which they were taken: one at a crash
 * belongs with the next one after a recovery, or stands alone when no recovery got that far.
 */
import type { JSX } from 'preact';
import type { DirectoryRecord, FailureRecord } from '../../harness/run/record.js';
import { countText } from '../quantity.js';
import { Data, Wide } from './data.js';

const PAIRS_SHOWN_MAX = 4;
const FILES_SHOWN_MAX = 100;

/** The last few pairs of listings of a failure; renders nothing if none were taken. */
export function DirectoriesSection({ failure }: { readonly failure: FailureRecord }): JSX.Element | null {
  const pairs = pairListings(failure.directories);
  if (pairs.length === 0) return null;
  return (
    <div class="directories">
      <h4>The directory</h4>
      {pairs.length > PAIRS_SHOWN_MAX && (
        <p class="note">
          Showing the last {PAIRS_SHOWN_MAX} of {countText(pairs.length)} pairs of listings; all of them are
          in the JSON record.
        </p>
      )}
      <div class="cards">
        {pairs.slice(-PAIRS_SHOWN_MAX).map((pair) => (
          <PairTable pair={pair} failure={failure} />
        ))}
      </div>
    </div>
  );
}

interface ListingPair {
  readonly crash: DirectoryRecord | undefined;
  readonly recovery: DirectoryRecord | undefined;
}

function pairListings(listings: readonly DirectoryRecord[]): readonly ListingPair[] {
  return listings.flatMap((listing, index): ListingPair[] => {
    const before = listings[index - 1];
    const after = listings[index + 1];
    if (listing.moment === 'at-crash') {
      return [{ crash: listing, recovery: after?.moment === 'after-recovery' ? after : undefined }];
    }
    return before?.moment === 'at-crash' ? [] : [{ crash: undefined, recovery: listing }];
  });
}

interface PairTableInput {
  readonly pair: ListingPair;
  readonly failure: FailureRecord;
}

function PairTable({ pair, failure }: PairTableInput): JSX.Element {
  const before = sizesOf(pair.crash);
  const after = sizesOf(pair.recovery);
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const named = new Set(failure.violations.flatMap((violation) => violation.files ?? []));
  return (
    <Wide name="Directory around a crash">
      <table class="listing">
        <thead>
          <tr>
            <th scope="col">file</th>
            <th scope="col">change</th>
            <th scope="col" class="number">
              {headingOf('at the crash', pair.crash)}
            </th>
            <th scope="col" class="number">
              {headingOf('after recovery', pair.recovery)}
            </th>
          </tr>
        </thead>
        <tbody>
          {paths.slice(0, FILES_SHOWN_MAX).map((path) => {
            const change = changeOf(pair, before.get(path), after.get(path));
            return (
              <tr class={change.kind}>
                <th scope="row">
                  <Data text={path} />
                  {named.has(path) && <strong class="proof-mark"> ◆ named</strong>}
                </th>
                <td>{change.text}</td>
                <td class="number">{sizeText(before.get(path))}</td>
                <td class="number">{sizeText(after.get(path))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {paths.length > FILES_SHOWN_MAX && (
        <p class="note">
          Showing the first {FILES_SHOWN_MAX} of {countText(paths.length)} files.
        </p>
      )}
    </Wide>
  );
}

function headingOf(moment: string, listing: DirectoryRecord | undefined): string {
  return listing === undefined ? `${moment}: not listed` : `bytes ${moment}, life ${listing.life}`;
}

function sizesOf(record: DirectoryRecord | undefined): ReadonlyMap<string, number> {
  return new Map(record?.files.map((file) => [file.path, file.bytes]));
}

function sizeText(bytes: number | undefined): string {
  return bytes === undefined ? '–' : countText(bytes);
}

function changeOf(
  pair: ListingPair,
  before: number | undefined,
  after: number | undefined,
): { readonly kind: string; readonly text: string } {
  if (pair.crash === undefined || pair.recovery === undefined) return { kind: 'same', text: '' };
  if (after === undefined) return { kind: 'vanished', text: '− vanished' };
  if (before === undefined) return { kind: 'appeared', text: '+ appeared' };
  return before === after ? { kind: 'same', text: '' } : { kind: 'resized', text: '± resized' };
}
