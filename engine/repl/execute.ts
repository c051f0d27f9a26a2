import type { Engine, Pair, ScanOptions } from '../index.js';
import { jsonOfBytes } from '../http/json-bytes.js';
import { type Command, COMMANDS } from './command.js';
import { statsText } from './stats-text.js';
import { byteText } from './words.js';

/**
 * Does one command and gives what it prints, a piece of text at a time; whoever prints decides how fast, and may stop
 * in between, which lets go of what a scan holds. `quit` prints nothing: ending is the caller's.
 */
export async function* execute(session: Session, command: Command): AsyncGenerator<string, void, void> {
  const { engine } = session;
  switch (command.kind) {
    case 'put':
      await engine.put(command.key, command.value);
      return yield OK;
    case 'get': {
      const value = await engine.get(command.key);
      // Two words, so that it cannot be a value: those are in quotes if there is a space in them.
      return yield value === undefined ? 'not found\n' : `${byteText(value)}\n`;
    }
    case 'del':
      await engine.delete(command.key);
      return yield OK;
    case 'scan': {
      let count = 0;
      for await (const [key, value] of pairsOf(session, command.options)) {
        yield `${byteText(key)} ${byteText(value)}\n`;
        count++;
      }
      return yield `(${count} ${count === 1 ? 'pair' : 'pairs'})\n`;
    }
    case 'batch':
      await engine.write(command.writes);
      return yield OK;
    case 'fill':
      return yield* fill(session, command.first, command.last);
    case 'flush':
      await engine.flush();
      return yield OK;
    case 'compact':
      await engine.compact(command.range);
      return yield OK;
    case 'dump':
      for await (const [key, value] of pairsOf(session)) {
        yield `{"key":${jsonOfBytes(key, 'base64')},"value":${jsonOfBytes(value, 'base64')}}\n`;
      }
      return;
    case 'stats':
      return yield statsText(engine.stats());
    case 'kill':
      yield 'killed by SIGKILL; what was acknowledged is there when you start again\n';
      return await session.kill();
    case 'help':
      return yield helpText();
    case 'quit':
      return;
  }
}

/** What commands of one run of the REPL share. */
export interface Session {
  readonly engine: Engine;
  /** Ends the process at once, so it never resolves. */
  readonly kill: () => Promise<never>;
  /** Lets others run. */
  readonly pause: () => Promise<void>;
  /** How often `fill` was used; it tells the values of one from those of another. */
  epoch: number;
}

const OK = 'ok\n';

/** A scan that lets signals and keys through now and then: reading never waits, and so would let nobody else run. */
async function* pairsOf(session: Session, options: ScanOptions = {}): AsyncGenerator<Pair, void> {
  let count = 0;
  for await (const pair of session.engine.scan(options)) {
    yield pair;
    if (++count % TOGETHER === 0) await session.pause();
  }
}

/** Like hand-written puts, a hundred at a time, so that they share syncs and fill memtables as puts do. */
async function* fill(session: Session, first: number, last: number): AsyncGenerator<string, void, void> {
  const epoch = ++session.epoch;
  for (let start = first; start <= last; start += TOGETHER) {
    const count = Math.min(TOGETHER, last - start + 1);
    const numbers = Array.from({ length: count }, (_, index) => start + index);
    await Promise.all(
      numbers.map((number) =>
        session.engine.put(Buffer.from(`${number}`), Buffer.from(`value${number}@${epoch}`)),
      ),
    );
    await session.pause();
    // A place to stop at.
    yield '';
  }
  yield `ok, ${last - first + 1} written, ${first} to ${last} with values like value${first}@${epoch}\n`;
}

const TOGETHER = 100;

function helpText(): string {
  const rows = Object.entries(COMMANDS).map(
    ([name, [usage, does]]) => [`${name} ${usage}`.trim(), does] as const,
  );
  const width = Math.max(...rows.map(([usage]) => usage.length));
  return [
    ...rows.map(([usage, does]) => `${usage.padEnd(width)}  ${does}\n`),
    'A key or value is a word, or a JSON string with one byte a character: "\\u00ff" is the byte FF.\n',
  ].join('');
}
