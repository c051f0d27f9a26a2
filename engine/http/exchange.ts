import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Share } from './held-memory.js';

/** One request with its answer, and what belongs to it while it lasts. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The client sent `Expect: 100-continue` and waits to be told before it sends the body. */
  readonly continueWanted: boolean;
  /** What it holds in memory; given back when it has ended. */
  readonly share: Share;
  readonly sendTimeoutMs: number;
  /** Resolves when the answer has been given to the system, or nobody can take it any more. */
  readonly closed: Promise<void>;
}

/** True for a request that the client announced a body with. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
