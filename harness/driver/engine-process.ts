import { execa, type ResultPromise } from 'execa';
import { HarnessError } from '../errors.js';
import type { Death } from '../history/event.js';
import type { Answer, Request } from './protocol.js';

/**
 * A child process that runs the engine. Requests go in without waiting; answers come out in order through `next`.
 * Its death is a typed value, known only after everything that it wrote has been read, so an acknowledgement that
 * left the process before it died is never missed.
 */
export class EngineProcess {
  readonly death: Promise<Death>;
  /** Resolves when the process takes requests, or is dead. */
  readonly ready: Promise<void>;
  private readonly subprocess: ResultPromise<typeof SPAWN_OPTIONS>;
  private readonly answers: Answer[] = [];
  private wake: (() => void) | undefined;
  private becomeReady: () => void = () => undefined;
  private rest = '';
  private ended = false;
  private stderr = '';
  private killedByParent = false;
  private announcedKill = false;
  private broken: HarnessError | undefined;

  constructor(childPath: string) {
    this.subprocess = execa(process.execPath, [...NODE_FLAGS, childPath], SPAWN_OPTIONS);
    const { stdin, stdout, stderr } = this.subprocess;
    // A child that dies while requests are on their way closes the pipe under them: its death says why.
    stdin.on('error', () => undefined);
    stdout.setEncoding('utf8').on('data', (text: string) => this.receive(text));
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_CHARACTERS_MAX);
    });
    this.ready = new Promise((resolve) => (this.becomeReady = resolve));
    const drained = Promise.all([ended(stdout), ended(stderr)]);
    this.death = this.awaitDeath(drained);
  }

  get pid(): number | undefined {
    return this.subprocess.pid;
  }

  send(requests: readonly Request[]): void {
    const text = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
    if (this.subprocess.stdin.writable) this.subprocess.stdin.write(text);
  }

  /**
   * The next answer; undefined once the process is dead and all its answers have been taken. Throws HarnessError
   * 'protocol' after the last answer before a line that is none; the process has then been killed.
   */
  async next(): Promise<Answer | undefined> {
    while (this.answers.length === 0 && !this.ended && this.broken === undefined) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const answer = this.answers.shift();
    if (answer === undefined && this.broken !== undefined) throw this.broken;
    return answer;
  }

  /** SIGKILL to this very process; does nothing once it has been waited for, so no other process can be hit. */
  kill(): void {
    this.killedByParent = true;
    this.subprocess.kill('SIGKILL');
  }

  private async awaitDeath(drained: Promise<unknown>): Promise<Death> {
    const [result] = await Promise.all([this.subprocess, drained]);
    this.ended = true;
    this.becomeReady();
    this.wake?.();
    if (result.signal === 'SIGKILL' && (this.announcedKill || this.killedByParent)) {
      return { kind: 'killed', by: this.announcedKill ? 'itself' : 'parent' };
    }
    if (result.signal !== undefined) return { kind: 'signal', signal: result.signal, foreign: true };
    const stderr = result.exitCode === undefined ? `${result.message ?? ''}\n${this.stderr}` : this.stderr;
    return { kind: 'exit', code: result.exitCode ?? -1, stderr };
  }

  private receive(text: string): void {
    const lines = (this.rest + text).split('\n');
    // What follows the last line feed may be half a line: a process that dies while it writes leaves one.
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (this.broken !== undefined) return;
      const answer = parseAnswer(line);
      if (answer === undefined) {
        this.break(line);
        return;
      }
      if (answer.kind === 'killing') this.announcedKill = true;
      if (answer.kind === 'ready') this.becomeReady();
      else this.answers.push(answer);
    }
    this.wake?.();
  }

  private break(line: string): void {
    this.broken = new HarnessError(
      'protocol',
      `Expected an answer, one JSON object a line, on the standard output of the engine child, got ${JSON.stringify(line.slice(0, 100))}; let the engine log to standard error.`,
    );
    this.kill();
    this.wake?.();
  }
}

/** Undefined for a line that is no answer: an engine that logs to standard output, or a foreign program. */
function parseAnswer(line: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'kind' in value ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A child lives for tens of milliseconds: it needs neither source maps nor the inspector, and an environment that
 * changes how Node starts (NODE_OPTIONS) must not reach it.
 */
const NODE_FLAGS: readonly string[] = [];
const SPAWN_OPTIONS = {
  buffer: false,
  reject: false,
  stdin: 'pipe',
  stdout: 'pipe',
  stderr: 'pipe',
  env: { NODE_OPTIONS: '' },
} as const;

const STDERR_CHARACTERS_MAX = 8_192;

function ended(readable: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => {
    readable.once('end', () => resolve());
    readable.once('close', () => resolve());
    readable.once('error', () => resolve());
  });
}
