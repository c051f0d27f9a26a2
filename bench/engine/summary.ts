import type { Measured } from './rounds.js';
import { type Reference, REFERENCE_LOOKUPS, REFERENCES } from './reference-rows.js';
import { type Figure, type Row, ROWS } from './rows.js';
import type { StoreName } from './store.js';

/**
 * What the rounds say: for each row and engine the median of its figures, and for each peer the median over the
 * rounds of how many times as quick ours was in that round, so that a slow round counts against nobody.
 */
export function summarise(measured: Measured): Summary {
  return {
    rows: ROWS.map((row) => summariseRow(row, measured.figures)),
    references: REFERENCES.map((reference) => ({ reference, ours: oursOf(reference, measured.figures) })),
  };
}

export interface Summary {
  readonly rows: readonly RowSummary[];
  readonly references: readonly ReferenceSummary[];
}

export interface RowSummary {
  readonly row: Row;
  /** Medians; an engine without this row is not in it. */
  readonly figures: Readonly<Partial<Record<StoreName, number>>>;
  /** Ours against each peer: above 1 ours is the quicker one. */
  readonly ratios: Readonly<Partial<Record<StoreName, number>>>;
  /** Set for rows with an aim against classic-level that has a figure. */
  readonly met?: boolean;
}

export interface ReferenceSummary {
  readonly reference: Reference;
  readonly ours: number | undefined;
}

/** The middle of the values, the upper one of two; undefined without any. */
export function median(values: readonly number[]): number | undefined {
  return [...values].sort((left, right) => left - right)[values.length >> 1];
}

function summariseRow(row: Row, all: readonly Figure[]): RowSummary {
  const own = all.filter(({ id }) => id === row.id);
  const stores = [...new Set(own.map(({ store }) => store))];
  const figures: Partial<Record<StoreName, number>> = {};
  const ratios: Partial<Record<StoreName, number>> = {};
  for (const store of stores) {
    const middle = median(own.filter((figure) => figure.store === store).map(({ value }) => value));
    if (middle !== undefined) figures[store] = middle;
    const ratio = store === 'ninelives' ? undefined : median(ratiosTo(store, row, own));
    if (ratio !== undefined) ratios[store] = ratio;
  }
  const reached = ratios['classic-level'];
  if (row.target === undefined || reached === undefined) return { row, figures, ratios };
  return { row, figures, ratios, met: reached >= row.target };
}

function ratiosTo(peer: StoreName, { unit }: Row, own: readonly Figure[]): readonly number[] {
  const theirs = own.filter(({ store }) => store === peer);
  return theirs.flatMap((their) => {
    const our = own.find(({ store, round }) => store === 'ninelives' && round === their.round);
    if (our === undefined) return [];
    return [unit === 'seconds' ? their.value / our.value : our.value / their.value];
  });
}

function oursOf({ from, unit }: Reference, all: readonly Figure[]): number | undefined {
  const id = 'row' in from ? from.row : from.own;
  const values = all.filter((figure) => figure.store === 'ninelives' && figure.id === id);
  const rate = median(values.map(({ value }) => value));
  return rate === undefined || unit === 'per second' ? rate : REFERENCE_LOOKUPS / rate;
}
