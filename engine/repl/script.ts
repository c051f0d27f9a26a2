import type { Readable, Writable } from 'node:stream';
import { parseCommand } from './command.js';
import { execute, type Session } from './execute.js';
import { printer } from './printer.js';
import { lineText, scriptLines } from './script-lines.js';

/**
 * Runs commands from a stream of bytes, a line each, without a prompt. The first line that fails ends the script: what
 * came after it was written for a database that is not there. What the lines before it did stays done.
 *
 * `signal` ends it between two pieces of output, or while it waits for the next line.
 */
export async function runScript(
  session: Session,
  input: Readable,
  output: Writable,
  signal: AbortSignal,
): Promise<ScriptEnd> {
  const print = printer(output);
  const stop = () => void input.destroy();
  let line = 0;
  signal.addEventListener('abort', stop);
  try {
    for await (const bytes of scriptLines(input)) {
      line++;
      const command = parseCommand(lineText(bytes));
      if (command === undefined) continue;
      if (command.kind === 'quit') return { kind: 'done' };
      for await (const piece of execute(session, command)) {
        if (!(await print(piece))) return { kind: 'done' };
        if (signal.aborted) return { kind: 'interrupted', line };
      }
      if (signal.aborted) return { kind: 'interrupted', line };
    }
    return { kind: 'done' };
  } catch (error) {
    return signal.aborted ? { kind: 'interrupted', line } : { kind: 'failed', line, error };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

export type ScriptEnd =
  /** The end of the script, `quit`, or nobody reads the output any more. */
  | { readonly kind: 'done' }
  | { readonly kind: 'interrupted'; readonly line: number }
  /** `line` counts from 1. The error is a ReplError, an EngineError, or one of reading the script. */
  | { readonly kind: 'failed'; readonly line: number; readonly error: unknown };
