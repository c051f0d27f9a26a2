import { type Engine, type Environment, NodeVfs } from '../../engine/index.js';
import { parseEnding } from '../faults/ending.js';
import { KillAtStep } from '../faults/kill.js';
import type { OperationError } from '../history/event.js';
import { ChildTrace } from './child-trace.js';
import { childEnvironment } from './child-world.js';
import { codeAndMessage, EngineLife, type LifeHost } from './engine-life.js';
import type { LineInput } from './line-input.js';
import { LineOutput } from './line-output.js';
import { listFiles } from './list-files.js';
import type { Answer, OpenRequest, Request } from './protocol.js';
import { settle, Turns } from './turns.js';

/**
 * One life of the engine in the child: whatever the requests say, until it is closed or killed. It is the host of an
 * EngineLife on a real directory, with answers as lines on standard output.
 */
export class ChildLife implements LifeHost {
  readonly environment: Environment;
  private readonly exact: boolean;
  private readonly request: OpenRequest;
  private readonly output: LineOutput;
  private readonly turns: Turns;
  private readonly kill: KillAtStep;
  private readonly trace: ChildTrace | undefined;

  constructor(request: OpenRequest) {
    this.request = request;
    this.turns = new Turns(request.completions);
    this.exact = request.mode === 'exact';
    this.output = new LineOutput(this.exact);
    this.kill = new KillAtStep(parseEnding(request.end), {
      created: (path) => this.output.write({ kind: 'create', path }),
      dying: () => {
        this.output.write({ kind: 'killing', steps: this.kill.steps() });
        this.output.flush();
      },
    });
    const { trace, directory } = request;
    this.trace = trace === undefined ? undefined : new ChildTrace(trace.path, trace.life, directory);
    this.environment = childEnvironment(request, this.turns, this.kill, this.trace?.recording);
  }

  /** Runs to the end of the life; false if the parent went away. */
  async run(input: LineInput): Promise<boolean> {
    input.blocking = this.exact;
    const life = new EngineLife(this);
    for (let request: Request = this.request; await this.serve(life, request);) {
      if (!input.hasLine()) this.output.flush();
      const line = await input.next();
      if (line === undefined) return false;
      request = JSON.parse(line) as Request;
    }
    this.output.flush();
    this.trace?.close();
    return true;
  }

  private async serve(life: EngineLife, request: Request): Promise<boolean> {
    this.trace?.asked(request);
    return await life.serve(request);
  }

  elsewhere(): Environment {
    return { ...this.environment, vfs: new NodeVfs(this.request.directory, 'inline') };
  }

  answer(answer: Answer): void {
    this.trace?.answered(answer);
    this.output.write(answer);
  }

  flush(): void {
    this.output.flush();
  }

  async takeTurns(turns: readonly number[]): Promise<void> {
    if (!this.exact) return;
    for (const choice of turns) {
      await settle();
      this.turns.take(choice);
    }
  }

  /** Exact: takes turns until it is done or nothing is left that could bring it about. Real-time: waits. */
  async runUntil(done: () => boolean): Promise<boolean> {
    if (this.exact) return await this.turns.runUntil(done);
    while (!done()) {
      // Nobody reads standard input here, so this is how a life that hangs notices that its parent is gone.
      if (process.ppid !== PARENT) process.exit(0);
      await settle();
    }
    return true;
  }

  listFiles(engine: Engine) {
    return listFiles(this.request.directory, engine);
  }

  /** Without the path of the directory, which is another one in every run. */
  describe(error: unknown): OperationError {
    const { code, message } = codeAndMessage(error);
    return { code, message: message.replaceAll(`${this.request.directory}/`, '') };
  }

  steps() {
    return this.kill.steps();
  }
}

const PARENT = process.ppid;
