/**
 * What a store promises about a power loss, as far as the judge has to know: which answered writes must be there
 * afterwards. A write that asks for `sync` itself overrides it in both directions.
 */

export interface PowerPromise {
  /**
   * 'acked': every answered write. 'synced-prefix': a prefix of the write order that holds at least everything up
   * to the last answered sync, flush, compact or write with `sync: true`.
   */
  readonly power: 'acked' | 'synced-prefix';
}

/** The promise of an engine with these options: `durability: 'always'` keeps every answered write. */
export function promiseOf(options: Readonly<Record<string, unknown>>): PowerPromise {
  return { power: options['durability'] === 'always' ? 'acked' : 'synced-prefix' };
}

/** What is promised when nobody says: the weaker one, so that nobody is accused of a promise never made. */
export const DEFAULT_PROMISE: PowerPromise = promiseOf({});
