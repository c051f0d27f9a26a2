/**
 * What a client may ask of an engine. Plain JSON, so that a history can be saved, shrunk and replayed after the
 * generators have changed. Keys and values are byte text: a string in which each character U+0000 to U+00FF is
 * one byte (latin1). Values written are unique within a case, so a value that is read names the write it came from.
 */
export type Operation =
  | { readonly kind: 'put'; readonly key: string; readonly value: string; readonly sync?: boolean }
  | { readonly kind: 'delete'; readonly key: string; readonly sync?: boolean }
  | { readonly kind: 'batch'; readonly writes: readonly Write[]; readonly sync?: boolean }
  | { readonly kind: 'get'; readonly key: string }
  | { readonly kind: 'scan'; readonly gte?: string; readonly lt?: string; readonly limit?: number }
  | { readonly kind: 'sync' }
  | { readonly kind: 'flush' }
  | { readonly kind: 'compact' };

export type Write =
  | { readonly kind: 'put'; readonly key: string; readonly value: string }
  | { readonly kind: 'delete'; readonly key: string };

/** A key and the value that was read for it. */
export type Pair = readonly [key: string, value: string];

/** What an operation answered: a get its value or null, a scan its pairs, all others nothing. */
export type Result =
  { readonly value: string | null } | { readonly pairs: readonly Pair[] } | Record<string, never>;

/** The writes of an operation in the order in which they take effect; empty for one that only reads or maintains. */
export function writesOf(operation: Operation): readonly Write[] {
  switch (operation.kind) {
    case 'put':
    case 'delete':
      return [operation];
    case 'batch':
      return operation.writes;
    case 'get':
    case 'scan':
    case 'sync':
    case 'flush':
    case 'compact':
      return [];
  }
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
      return `get ${byteText(operation.key)}`;
    case 'scan': {
      const from = operation.gte === undefined ? 'start' : byteText(operation.gte);
      const to = operation.lt === undefined ? 'end' : byteText(operation.lt);
      return `scan ${from} to ${to}${operation.limit === undefined ? '' : ` limit ${operation.limit}`}`;
    }
    case 'sync':
    case 'flush':
    case 'compact':
      return operation.kind;
  }
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
