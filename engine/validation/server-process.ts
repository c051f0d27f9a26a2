import { type ChildProcess, spawn } from 'node:child_process';
import type { Waits } from './waits.js';

/**
 * A server as a child process. It says where it listens with a URL somewhere in its standard output, and ends by
 * itself on SIGTERM. Signals go to this very child: Node sends none to a child that has been waited for, so no other
 * process can be hit. It does not outlive us, however we exit, unless we are killed with SIGKILL.
 */
export class ServerProcess {
  /** The URL that it listens at; undefined if it ended before it said so. */
  readonly ready: Promise<URL | undefined>;
  readonly end: Promise<ServerEnd>;
  readonly #child: ChildProcess;
  #asked: 'kill' | 'stop' | undefined;
  #stuck = false;
  #stdout = '';
  #stderr = '';

  /** Starts `command`, a program and its arguments. */
  constructor(command: readonly [string, ...string[]]) {
    const [program, ...words] = command;
    // An environment that changes how Node starts must not reach it.
    const env = { ...process.env, NODE_OPTIONS: '' };
    this.#child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env });
    const { stdout, stderr } = this.#child;
    this.ready = new Promise((resolve) => {
      stdout?.setEncoding('utf8').on('data', (text: string) => {
        this.#stdout = (this.#stdout + text).slice(-TEXT_LENGTH_MAX);
        const url = urlIn(this.#stdout);
        if (url !== undefined) resolve(url);
      });
      // After the exit, when everything that it wrote has been read.
      this.#child.once('close', () => resolve(undefined));
    });
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-TEXT_LENGTH_MAX);
    });
    const killAtExit = () => this.#child.kill('SIGKILL');
    process.on('exit', killAtExit);
    this.end = new Promise((resolve) => {
      let failure = '';
      this.#child.once('error', (error) => (failure = error.message));
      this.#child.once('close', (code, signal) => {
        process.off('exit', killAtExit);
        resolve(this.#endOf(code, signal, failure));
      });
    });
  }

  /** Its process id; undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** SIGKILL; resolves when it has been waited for, with the cause of its death, which need not be this. */
  async kill(): Promise<ServerEnd> {
    this.#asked ??= 'kill';
    this.#child.kill('SIGKILL');
    return await this.end;
  }

  /** SIGTERM, and SIGKILL if it has not ended after `limitMs`. */
  async stop(waits: Waits, limitMs: number): Promise<ServerEnd> {
    this.#asked ??= 'stop';
    this.#child.kill('SIGTERM');
    const ended = new AbortController();
    void waits.wait(limitMs, ended.signal).then(() => {
      if (ended.signal.aborted) return;
      this.#stuck = true;
      this.#child.kill('SIGKILL');
    });
    const end = await this.end;
    ended.abort();
    return end;
  }

  #endOf(code: number | null, signal: NodeJS.Signals | null, failure: string): ServerEnd {
    if (signal === 'SIGKILL' && this.#stuck) return { kind: 'stuck' };
    if (signal === 'SIGKILL' && this.#asked === 'kill') return { kind: 'killed' };
    if (code === 0 && this.#asked === 'stop') return { kind: 'stopped' };
    if (signal !== null) return { kind: 'signal', signal };
    return { kind: 'exit', code: code ?? NOT_STARTED, stderr: `${failure}${this.#stderr}`.trim() };
  }
}

export type ServerEnd =
  /** By `kill`. */
  | { readonly kind: 'killed' }
  /** By `stop`, in good order: with exit code 0. */
  | { readonly kind: 'stopped' }
  /** It did not end on SIGTERM. */
  | { readonly kind: 'stuck' }
  /** By a signal that nobody here sent. */
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  /** By itself. `code` may be NOT_STARTED. `stderr`: the end of what it said. */
  | { readonly kind: 'exit'; readonly code: number; readonly stderr: string };

/** The exit code of a program that could not be started. */
export const NOT_STARTED = -1;

const TEXT_LENGTH_MAX = 8_192;

/** The first URL that is followed by white space, so that it is whole. */
function urlIn(text: string): URL | undefined {
  const found = /http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}(?=[\s/])/.exec(text)?.[0];
  return found !== undefined && URL.canParse(found) ? new URL(found) : undefined;
}
