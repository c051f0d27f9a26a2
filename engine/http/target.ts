import { HttpError } from './errors.js';

/**
 * The request target: what stands between the method and `HTTP/1.1`. Its bytes come as one character a byte, and are
 * taken as they are: `%41` and `A` are the same byte, a slash is a byte like any other, `.` and `..` are no steps
 * through folders. Only what stands before the question mark is the path.
 */
export interface Target {
  /** Host and port of the absolute form, `http://host:port/path`, that a proxy would send; it counts instead of Host. */
  readonly authority: string | undefined;
  /** Still encoded, without its first slash. */
  readonly path: string;
  /** Still encoded; empty if there is none. */
  readonly query: string;
}

/** Throws HTTP_BAD_TARGET for anything but an absolute path or an http URL. */
export function splitTarget(target: string): Target {
  const [, authority, rest] = /^http:\/\/([^/?]*)(.*)$/is.exec(target) ?? [undefined, undefined, target];
  if (rest === undefined || !rest.startsWith('/')) {
    throw new HttpError(
      'HTTP_BAD_TARGET',
      'Expected a path that begins with a slash; a key is /key, percent-encoded.',
    );
  }
  const end = rest.indexOf('?');
  return {
    authority,
    path: end < 0 ? rest.slice(1) : rest.slice(1, end),
    query: end < 0 ? '' : rest.slice(end + 1),
  };
}

/** The bytes that a percent-encoded text stands for. Throws HTTP_BAD_TARGET for a `%` without two hexadecimal digits. */
export function percentDecoded(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    let byte = text.charCodeAt(index);
    if (byte === PERCENT) {
      const digits = text.slice(index + 1, index + 3);
      if (!/^[\da-f]{2}$/i.test(digits)) {
        throw new HttpError(
          'HTTP_BAD_TARGET',
          `Expected two hexadecimal digits behind the % at character ${index}, got ${JSON.stringify(digits)}; a % itself is %25.`,
        );
      }
      byte = parseInt(digits, 16);
      index += 2;
    }
    bytes[length++] = byte;
  }
  return bytes.slice(0, length);
}

const PERCENT = 0x25;
