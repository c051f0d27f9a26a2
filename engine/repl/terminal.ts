import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { type Command, COMMANDS, parseCommand } from './command.js';
import { execute, type Session } from './execute.js';
import { printer } from './printer.js';

/**
 * The REPL for a person at a terminal: a prompt, a history, completion of command names. An error is told, and the next
 * line is taken. Ctrl-C stops what is printing, and ends the REPL where nothing is; Ctrl-D and `quit` end it.
 *
 * `describe` gives the sentence for an error. Resolves when the REPL has ended; the engine is still open then.
 */
export async function runTerminal(
  session: Session,
  input: Readable,
  output: Writable,
  signal: AbortSignal,
  describe: (error: unknown) => string,
): Promise<void> {
  const terminal = createInterface({
    input,
    output,
    prompt: PROMPT,
    completer,
    terminal: isTerminal(output),
  });
  const print = printer(output);
  let running: { stopped: boolean } | undefined;
  terminal.on('SIGINT', () => {
    if (running === undefined) terminal.close();
    else running.stopped = true;
  });
  signal.addEventListener('abort', () => terminal.close());
  terminal.prompt();
  for await (const line of terminal) {
    running = { stopped: false };
    try {
      const command = parseCommand(line);
      if (command?.kind === 'quit') break;
      if (command !== undefined)
        await run(session, command, print, () => running?.stopped === true || signal.aborted);
    } catch (error) {
      await print(`${describe(error)}\n`);
    }
    running = undefined;
    terminal.prompt();
  }
  terminal.close();
}

const PROMPT = 'ninelives> ';

async function run(
  session: Session,
  command: Command,
  print: (text: string) => Promise<boolean>,
  isStopped: () => boolean,
): Promise<void> {
  for await (const piece of execute(session, command)) {
    if (!(await print(piece))) return;
    if (isStopped()) return void (await print('(stopped)\n'));
  }
}

function isTerminal(output: Writable): boolean {
  return 'isTTY' in output && output.isTTY === true;
}

/** Completes the name of a command at the beginning of a line. */
function completer(line: string): [string[], string] {
  return [Object.keys(COMMANDS).filter((name) => name.startsWith(line)), line];
}
