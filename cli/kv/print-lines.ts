import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EngineError } from '../../engine/index.js';
import { plainText } from '../../engine/inspect/byte-text.js';
import { InspectError, isPlatformError } from '../../engine/inspect/inspect-error.js';
import { EXIT_UNKNOWN, EXIT_USAGE } from '../exit-code.js';

/** What a command found: 0 all is well, 1 there is a fault. */
export const EXIT_FAULT = 1;

/**
 * Prints in blocks, no faster than they are taken, and sets the exit code that the lines end with. A reader that has seen
 * enough (`| head`) closes its pipe: then it stops, with exit code 3. Errors while the lines are made are one sentence: damage is a fault
 * (exit code 1), a directory that cannot be looked at is wrong use (2).
 */
export async function printLines(lines: Generator<string, number>): Promise<void> {
  try {
    await pipeline(Readable.from(blocksOf(lines)), process.stdout, { end: false });
  } catch (error) {
    // What was not looked at any more may hold a fault.
    const isPipe = (error as NodeJS.ErrnoException).code === 'EPIPE';
    process.exitCode = isPipe ? EXIT_UNKNOWN : reportError(error);
  }
}

/** Says on stderr what went wrong, and `suffix`, and gives the exit code for it. Throws what nobody foresaw. */
export function reportError(error: unknown, suffix = ''): number {
  const exitCode = exitCodeOfError(error);
  if (exitCode === undefined) throw error;
  const { message } = error as Error;
  const text = isPlatformError(error) ? `Expected to read what was given, got: ${message}` : message;
  const sentence = suffix === '' ? text : `${text.replace(/\.$/, '')}${suffix}`;
  process.stderr.write(`ninelives: ${plainText(sentence)}\n`);
  return exitCode;
}

/** Undefined for an error that nobody foresaw. */
function exitCodeOfError(error: unknown): number | undefined {
  if (error instanceof InspectError) return error.code === 'changing' ? EXIT_UNKNOWN : EXIT_USAGE;
  if (error instanceof EngineError) return exitCodeOf(error);
  return isPlatformError(error) ? EXIT_USAGE : undefined;
}

function exitCodeOf({ code }: EngineError): number {
  switch (code) {
    case 'ENGINE_CORRUPT':
      return EXIT_FAULT;
    case 'ENGINE_IO':
    case 'ENGINE_READ_ONLY':
      return EXIT_UNKNOWN;
    case 'ENGINE_CLOSED':
    case 'ENGINE_INVALID_ARGUMENT':
    case 'ENGINE_INVALID_OPTION':
    case 'ENGINE_LOCKED':
    case 'ENGINE_NOT_A_DATABASE':
      return EXIT_USAGE;
  }
}

/** What was made before an error is printed before it is told. */
function* blocksOf(lines: Generator<string, number>): Generator<string> {
  let block = '';
  try {
    for (let step = lines.next(); ; step = lines.next()) {
      if (step.done === true) {
        process.exitCode = step.value;
        break;
      }
      block += `${step.value}\n`;
      if (block.length < BLOCK_LENGTH) continue;
      yield block;
      block = '';
    }
  } catch (error) {
    if (block !== '') yield block;
    throw error;
  } finally {
    // Left early, it gives back the files that it holds open.
    lines.return(0);
  }
  if (block !== '') yield block;
}

const BLOCK_LENGTH = 65_536;
