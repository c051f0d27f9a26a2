import { PassThrough } from 'node:stream';
import { Engine, type EngineOptions } from '../index.js';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import type { Session } from './index.js';

/** For tests only: a database in memory, and streams in the place of a keyboard and a screen. */
export class TestSession {
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly session: Session;
  #printed = '';

  private constructor(session: Session) {
    this.session = session;
    this.output.setEncoding('latin1').on('data', (text: string) => (this.#printed += text));
  }

  static async start(options: Partial<EngineOptions> = {}): Promise<TestSession> {
    const { environment } = makeTestEnvironment();
    const engine = await Engine.open(environment, options);
    const kill = async () => await Promise.reject<never>(new Error('killed'));
    // Not the environment's: signals and streams are real here, and need a turn of the event loop.
    const pause = async () => await new Promise<void>((resolve) => void setImmediate(resolve));
    return new TestSession({ engine, kill, pause, epoch: 0 });
  }

  /** What has been printed since the last call. */
  printed(): string {
    const text = this.#printed;
    this.#printed = '';
    return text;
  }

  /** Resolves when this has been printed. */
  async untilPrinted(part: string): Promise<void> {
    while (!this.#printed.includes(part)) await this.session.pause();
  }
}
