import type { WrongAnswer } from './answers.js';
import { HttpRequests } from './http-requests.js';
import { KilledServer, type KillPlan, type ServerDeath } from './killed-server.js';
import { type PlayEnd, playFile } from './play-file.js';
import { askUntilAnswered } from './retry.js';
import type { ServerProcess } from './server-process.js';
import type { ValidationFile } from './validation-file.js';
import type { Waits } from './waits.js';

/**
 * Runs a validation file against a server over HTTP: one that is there already, or a child of our own, which may be
 * killed at random moments meanwhile. A line is asked again while the server is away, so kills must not change an
 * answer. It ends with the first answer that is wrong.
 */
export interface RunFileOptions {
  readonly server: ServerPlace;
  /** Lines of a block that are under way at a time, 1 or more. */
  readonly concurrency: number;
  /** How long one line is tried. */
  readonly retryLimitMs: number;
  readonly waits: Waits;
  /** Ends the run, and a server of our own at once. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunCounts) => void;
}

export type ServerPlace =
  | { readonly kind: 'there'; readonly url: URL }
  | {
      readonly kind: 'own';
      readonly start: () => ServerProcess;
      readonly plan: KillPlan;
      /** A whole number from 0 to `limit` - 1, from a seeded stream. */
      readonly below: (limit: number) => number;
    };

export interface RunCounts {
  /** Answered and right. */
  readonly lines: number;
  /** Those of `lines` that say what must be found, that is gets and scans. */
  readonly answersChecked: number;
  /** Attempts that followed another one. */
  readonly retries: number;
  readonly kills: number;
}

export type RunEnd =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly wrong: WrongAnswer }
  /** The server was not there for `retryLimitMs`; `line` is the one that was not answered, `why` what came instead. */
  | { readonly kind: 'away'; readonly line: number; readonly why: string }
  /** Our own server ended and nobody asked for it. */
  | { readonly kind: 'died'; readonly death: ServerDeath }
  /** By `signal`. */
  | { readonly kind: 'interrupted' };

export interface RunOutcome extends RunCounts {
  readonly end: RunEnd;
}

/** Never rejects. When it resolves, a server of our own has ended. */
export async function runFile(file: ValidationFile, options: RunFileOptions): Promise<RunOutcome> {
  const { concurrency, retryLimitMs, waits, signal, onProgress } = options;
  const ended = new AbortController();
  let death: ServerDeath | undefined;
  const own = startServer(options, (found) => {
    death = found;
    ended.abort();
  });
  const requests = new HttpRequests(urlOf(options.server, own), concurrency);
  const counts = { lines: 0, answersChecked: 0, retries: 0 };
  const tell = () => onProgress({ ...counts, kills: own?.kills ?? 0 });
  const onRetry = () => {
    counts.retries += 1;
    tell();
  };
  const abandon = () => {
    ended.abort();
    void own?.abandon();
  };
  signal.addEventListener('abort', abandon);
  if (signal.aborted) abandon();
  if (own !== undefined) await untilStarted(own, waits, retryLimitMs, ended.signal);
  const end = await playFile(file, {
    ask: (line, stopped) =>
      askUntilAnswered(
        (attemptEnd) => requests.attempt(line, attemptEnd),
        { waits, limitMs: retryLimitMs, onRetry },
        stopped,
      ),
    concurrency,
    signal: ended.signal,
    onRight: (line) => {
      counts.lines += 1;
      if (line.kind === 'get' || line.kind === 'scan') counts.answersChecked += 1;
      own?.answered(counts.lines);
      tell();
    },
  });
  requests.close();
  await (end.kind === 'right' ? own?.finish() : own?.abandon());
  signal.removeEventListener('abort', abandon);
  return { ...counts, kills: own?.kills ?? 0, end: endOf(end, death, signal.aborted) };
}

function startServer(
  { server, waits }: RunFileOptions,
  onDeath: (death: ServerDeath) => void,
): KilledServer | undefined {
  return server.kind === 'own' ? new KilledServer({ ...server, waits, onDeath }) : undefined;
}

/** Otherwise the lines of the first block would be tried again and again while nothing is there yet. */
async function untilStarted(
  own: KilledServer,
  waits: Waits,
  limitMs: number,
  ended: AbortSignal,
): Promise<void> {
  const started = new AbortController();
  void own.started().then(() => started.abort());
  await waits.wait(limitMs, AbortSignal.any([started.signal, ended]));
}

function urlOf(server: ServerPlace, own: KilledServer | undefined): () => URL | undefined {
  return () => (server.kind === 'there' ? server.url : own?.url);
}

/** A wrong answer counts most: it stays wrong, whatever else happened. */
function endOf(end: PlayEnd, death: ServerDeath | undefined, interrupted: boolean): RunEnd {
  if (end.kind === 'wrong') return end;
  if (interrupted) return { kind: 'interrupted' };
  return death === undefined ? end : { kind: 'died', death };
}
