import { jsonLine, nameText, plainText } from './byte-text.js';
import { isPlatformError } from './inspect-error.js';
import { isCorrupt, problemOf } from './whole-file.js';

/**
 * One thing that a check has found. Checks are generators of findings, so that they go on after a fault and nothing is
 * gathered in memory.
 *
 * - fault: something that the engine has written and promised is not there any more, or not so;
 * - warning: damage that recovery repairs by itself and that costs no data, such as a bad sidecar;
 * - note: what a crash may leave and what is good to know. A sound database may have any number of them.
 */
export type Finding =
  | {
      readonly kind: 'fault' | 'warning';
      readonly file: string;
      readonly offset: number;
      readonly what: string;
    }
  | { readonly kind: 'note'; readonly file: string; readonly offset?: number; readonly what: string };

export function fault(file: string, offset: number, what: string): Finding {
  return { kind: 'fault', file, offset, what };
}

export function warning(file: string, offset: number, what: string): Finding {
  return { kind: 'warning', file, offset, what };
}

export function note(file: string, what: string, offset?: number): Finding {
  return { kind: 'note', file, ...(offset === undefined ? {} : { offset }), what };
}

/** What `action` gives; where it reports damage, or the platform cannot read, a fault and undefined. */
export function* attempt<Result>(
  file: string,
  offset: number,
  action: () => Result,
): Generator<Finding, Result | undefined> {
  try {
    return action();
  } catch (error) {
    yield toFault(file, offset, error);
    return undefined;
  }
}

/** The fault that an error stands for; one that is neither damage nor of the platform is thrown again. */
export function toFault(file: string, offset: number, error: unknown): Finding {
  if (isCorrupt(error)) return fault(error.file ?? file, error.offset ?? offset, problemOf(error));
  if (isPlatformError(error)) return fault(file, offset, `cannot be read: ${error.message}`);
  throw error;
}

/** `fault    l0/000003.sst at byte 4101: the block does not match its checksum` */
export function findingText({ kind, file, offset, what }: Finding): string {
  const place = offset === undefined ? nameText(file) : `${nameText(file)} at byte ${offset}`;
  return `${kind.padEnd('warning'.length)}  ${place}: ${plainText(what)}`;
}

export function findingJson(finding: Finding): string {
  return jsonLine(finding);
}
