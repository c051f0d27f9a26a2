/**
 * The one error class of the HTTP server. A request that is refused has one of these codes, or that of the engine's
 * own error (`failure.ts` maps both to an answer); starting a server can fail with the last two.
 */
export type HttpErrorCode =
  /** 400: the bytes on the connection are not HTTP. */
  | 'HTTP_BAD_REQUEST'
  /** 400: the path is not a key, or its percent-encoding is broken. */
  | 'HTTP_BAD_TARGET'
  /** 400: a parameter behind the question mark that is unknown, given twice, or out of range. */
  | 'HTTP_BAD_PARAMETER'
  /** 400: a body that is not what the request needs. */
  | 'HTTP_BAD_BODY'
  /** 403: asked by a page of another site, or under a name that is not this machine's. */
  | 'HTTP_FORBIDDEN'
  /** 404: there is no such key. */
  | 'HTTP_NOT_FOUND'
  /** 405: `allow` lists the methods that there are. */
  | 'HTTP_METHOD_NOT_ALLOWED'
  /** 408: the request did not arrive in time. */
  | 'HTTP_TIMEOUT'
  /** 413: a key, a value or a batch above its limit. */
  | 'HTTP_TOO_LARGE'
  /** 431: the request line and the headers together are above their limit. */
  | 'HTTP_HEAD_TOO_LARGE'
  /** 500: an error that nobody foresaw. */
  | 'HTTP_INTERNAL'
  /** 503: too much is in memory for other requests; try again. */
  | 'HTTP_BUSY'
  /** 503: the server is going down. */
  | 'HTTP_CLOSING'
  /** Not an answer: an option of `startServer` that is unknown or out of range. */
  | 'HTTP_INVALID_OPTION'
  /** Not an answer: the address cannot be listened on. */
  | 'HTTP_ADDRESS';

export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;
  /** Methods that the path has; only with HTTP_METHOD_NOT_ALLOWED. */
  readonly allow: readonly string[] | undefined;

  constructor(
    code: HttpErrorCode,
    message: string,
    facts: { readonly allow?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.allow = facts.allow;
  }
}

/** Something above its limit; `what` is 'a key', 'a value', 'a batch'. */
export function tooLarge(what: string, bytesMax: number, got: string): HttpError {
  return new HttpError('HTTP_TOO_LARGE', `Expected ${what} of at most ${bytesMax} bytes, got ${got}.`);
}
