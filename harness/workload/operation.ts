/**
 * What a client may ask of an engine. Plain JSON, so that a history can be saved, shrunk and replayed after the
 * generators have changed. Keys and values are byte text: a string in which each character U+0000 to U+00FF is
 * one byte (latin1). Values written are unique within a case, so a value that is read names the write it came from.
 */
export type Operation =
  | { readonly kind: 'put'; readonly key: string; readonly value: string; readonly sync?: boolean }
  | { readonly kind: 'delete'; readonly key: string; readonly sync?: boolean }
  | { readonly kind: 'batch'; readonly writes: readonly Write[]; readonly sync?: boolean }
  | { readonly kind: 'get'; readonly key: string; readonly snapshot?: number }
  /** Several keys as of one moment. */
  | { readonly kind: 'get-many'; readonly keys: readonly string[]; readonly snapshot?: number }
  | ({
      readonly kind: 'scan';
      readonly reverse?: boolean;
      readonly limit?: number;
      readonly snapshot?: number;
    } & Bounds)
  /** Takes a snapshot and calls it by this number; one that had the number before is released. */
  | { readonly kind: 'snapshot'; readonly snapshot: number }
  | { readonly kind: 'release'; readonly snapshot: number }
  | { readonly kind: 'sync' }
  | { readonly kind: 'flush' }
  /** All of the database, or the keys from `gte` to before `lt`. */
  | { readonly kind: 'compact'; readonly gte?: string; readonly lt?: string }
  /** Somebody else tries to open the directory, and must be told that it is taken. */
  | { readonly kind: 'open-again' };

/** Which keys, in the order of their bytes; of two lower or two upper bounds the narrower one counts. */
export interface Bounds {
  readonly gte?: string;
  readonly gt?: string;
  readonly lte?: string;
  readonly lt?: string;
}

export type Write =
  | { readonly kind: 'put'; readonly key: string; readonly value: string }
  | { readonly kind: 'delete'; readonly key: string };

/** A key and the value that was read for it. */
export type Pair = readonly [key: string, value: string];

/**
 * What an operation answered: a get its value or null, a get-many one for each of its keys, a scan its pairs in the
 * order in which they came, an open-again whether it was locked out; all others nothing. A read through a snapshot that is
 * not held (any more) reads as of now.
 */
export type Result =
  | { readonly value: string | null }
  | { readonly values: readonly (string | null)[] }
  | { readonly pairs: readonly Pair[] }
  | { readonly locked: boolean }
  | Record<string, never>;

/** The writes of an operation in the order in which they take effect; empty for one that only reads or maintains. */
export function writesOf(operation: Operation): readonly Write[] {
  switch (operation.kind) {
    case 'put':
    case 'delete':
      return [operation];
    case 'batch':
      return operation.writes;
    case 'get':
    case 'get-many':
    case 'scan':
    case 'snapshot':
    case 'release':
    case 'sync':
    case 'flush':
    case 'compact':
    case 'open-again':
      return [];
  }
}

/** The values that a result shows, null where there was none. */
export function valuesIn(result: Result): readonly (string | null)[] {
  if ('value' in result) return [result.value];
  if ('values' in result) return result.values;
  return 'pairs' in result ? result.pairs.map(([, value]) => value) : [];
}

/** True if a key lies within the bounds. */
export function isWithin({ gte, gt, lte, lt }: Bounds, key: string): boolean {
  return (
    (gte === undefined || key >= gte) &&
    (gt === undefined || key > gt) &&
    (lte === undefined || key <= lte) &&
    (lt === undefined || key < lt)
  );
}

/** One line a person can read: `put "a" = "0.3"`. */
export function operationText(operation: Operation): string {
  const sync = 'sync' in operation && operation.sync === true ? ' (sync)' : '';
  switch (operation.kind) {
    case 'put':
    case 'delete':
      return writeText(operation) + sync;
    case 'batch':
      return `batch [${operation.writes.map(writeText).join(', ')}]${sync}`;
    case 'get':
      return `get ${byteText(operation.key)}${throughText(operation)}`;
    case 'get-many':
      return `get-many [${operation.keys.map(byteText).join(', ')}]${throughText(operation)}`;
    case 'scan': {
      const reverse = operation.reverse === true ? ' in reverse' : '';
      const limit = operation.limit === undefined ? '' : ` limit ${operation.limit}`;
      return `scan ${boundsText(operation)}${reverse}${limit}${throughText(operation)}`;
    }
    case 'compact':
      return operation.gte === undefined && operation.lt === undefined
        ? 'compact'
        : `compact ${boundsText(operation)}`;
    case 'snapshot':
    case 'release':
      return `${operation.kind} #${operation.snapshot}`;
    case 'sync':
    case 'flush':
    case 'open-again':
      return operation.kind;
  }
}

function throughText({ snapshot }: { readonly snapshot?: number }): string {
  return snapshot === undefined ? '' : ` through #${snapshot}`;
}

/** `"a" to "c"`; a bound that is on the other side of its key says so. */
function boundsText({ gte, gt, lte, lt }: Bounds): string {
  const from = [
    ...(gte === undefined ? [] : [byteText(gte)]),
    ...(gt === undefined ? [] : [`after ${byteText(gt)}`]),
  ];
  const to = [
    ...(lt === undefined ? [] : [byteText(lt)]),
    ...(lte === undefined ? [] : [`${byteText(lte)} included`]),
  ];
  return `${from.join(' and ') || 'start'} to ${to.join(' and ') || 'end'}`;
}

function writeText(write: Write): string {
  return write.kind === 'put'
    ? `put ${byteText(write.key)} = ${byteText(write.value)}`
    : `delete ${byteText(write.key)}`;
}

const SHOWN_MAX = 40;

/** Byte text as an escaped JSON string, cut to a length that fits a line; every byte outside ASCII's printable part is escaped. */
export function byteText(text: string): string {
  const shown = text.length > SHOWN_MAX ? text.slice(0, SHOWN_MAX) : text;

  const escaped = JSON.stringify(shown).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return text.length > SHOWN_MAX ? `${escaped.slice(0, -1)}…" (${text.length} bytes)` : escaped;
}
