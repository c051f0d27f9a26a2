import { EngineError } from '../index.js';
import { HttpError, type HttpErrorCode } from './errors.js';

/**
 * Every error as an answer: a status and a JSON body of `code` and `message`, with `file` and `offset` where there is
 * damage, and `outcome` where something was to be written: 'none' if it has no effect, 'unknown' if it may or may not
 * be there after the database is opened again.
 */
export interface Failure {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: FailureBody;
}

export interface FailureBody {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly offset?: number;
  readonly outcome?: 'none' | 'unknown';
}

/** `writing` says that the request was to write something. */
export function failureOf(error: unknown, writing: boolean): Failure {
  if (error instanceof HttpError) {
    const { code, message, allow } = error;
    return {
      status: statusOfHttp(code),
      headers: {
        ...(allow === undefined ? {} : { Allow: allow.join(', ') }),
        ...(code === 'HTTP_BUSY' ? { 'Retry-After': '1' } : {}),
      },
      body: { code, message, ...(writing ? { outcome: 'none' } : {}) },
    };
  }
  if (error instanceof EngineError) {
    const { code, message, outcome } = error;
    const place = placeOf(error);
    return {
      status: statusOfEngine(error, writing),
      headers: {},
      body: { code, message, ...place, ...(writing ? { outcome } : {}) },
    };
  }
  const body = {
    code: 'HTTP_INTERNAL',
    message: 'An error that nobody foresaw; the server has reported it.',
  };
  return { status: 500, headers: {}, body: { ...body, ...(writing ? { outcome: 'unknown' } : {}) } };
}

/** True for an error that says that the engine takes no writes any more. */
export function isReadOnly(error: unknown, writing: boolean): error is EngineError {
  return (
    error instanceof EngineError &&
    (error.code === 'ENGINE_READ_ONLY' || (writing && ['ENGINE_IO', 'ENGINE_CORRUPT'].includes(error.code)))
  );
}

/** The status that an error of the server is answered with. */
export function statusOfHttp(code: HttpErrorCode): number {
  switch (code) {
    case 'HTTP_BAD_REQUEST':
    case 'HTTP_BAD_TARGET':
    case 'HTTP_BAD_PARAMETER':
    case 'HTTP_BAD_BODY':
      return 400;
    case 'HTTP_FORBIDDEN':
      return 403;
    case 'HTTP_NOT_FOUND':
      return 404;
    case 'HTTP_METHOD_NOT_ALLOWED':
      return 405;
    case 'HTTP_TIMEOUT':
      return 408;
    case 'HTTP_TOO_LARGE':
      return 413;
    case 'HTTP_HEAD_TOO_LARGE':
      return 431;
    case 'HTTP_BUSY':
    case 'HTTP_CLOSING':
      return 503;
    case 'HTTP_INTERNAL':
    case 'HTTP_INVALID_OPTION':
    case 'HTTP_ADDRESS':
      return 500;
  }
}

/** A write that the disk or damage stopped leaves the engine read-only: not the client's fault, and over once it is mended. */
function statusOfEngine({ code }: EngineError, writing: boolean): number {
  switch (code) {
    case 'ENGINE_INVALID_ARGUMENT':
      return 400;
    case 'ENGINE_READ_ONLY':
    case 'ENGINE_CLOSED':
      return 503;
    case 'ENGINE_IO':
    case 'ENGINE_CORRUPT':
      return writing ? 503 : 500;
    case 'ENGINE_INVALID_OPTION':
    case 'ENGINE_LOCKED':
    case 'ENGINE_NOT_A_DATABASE':
      return 500;
  }
}

/** Where the damage is, of the error itself or of what made the engine read-only. */
function placeOf(error: EngineError): Pick<FailureBody, 'file' | 'offset'> {
  const { file, offset } =
    error.file === undefined && error.cause instanceof EngineError ? error.cause : error;
  return { ...(file === undefined ? {} : { file }), ...(offset === undefined ? {} : { offset }) };
}
