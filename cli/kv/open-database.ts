import { type Command, InvalidArgumentError, Option } from 'commander';
import { HttpError } from '../../engine/http/index.js';
import {
  Engine,
  EngineError,
  type EngineOptions,
  type Environment,
  nodeEnvironment,
} from '../../engine/index.js';
import { EXIT_UNKNOWN, EXIT_USAGE } from '../exit-code.js';

/**
 * What the commands that open a database share: its directory, its options, and what its errors are to the shell: 1 for
 * damage, 3 for a disk that fails, because then nothing is known, 2 for everything else.
 */
export function addDatabaseArguments(command: Command): Command {
  return command
    .argument('<directory>', 'where the database lies; made if it is not there')
    .addOption(durabilityOption())
    .option('--options <json>', 'options of the engine, such as {"memtableEntriesMax":100}', jsonObject);
}

/** `--durability`, without a default. */
export function durabilityOption(): Option {
  return new Option('--durability <level>', 'what an acknowledged write has been through').choices([
    'always',
    'os',
    'interval',
  ]);
}

export interface DatabaseArguments {
  readonly durability?: EngineOptions['durability'];
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Opens the database, hands it out, and closes it. Errors as those of `tellErrors`. */
export async function withDatabase(
  directory: string,
  { durability, options = {} }: DatabaseArguments,
  use: (engine: Engine, environment: Environment) => Promise<void>,
): Promise<void> {
  await tellErrors(async () => {
    const environment = nodeEnvironment(directory);
    const chosen = { ...options, ...(durability === undefined ? {} : { durability }) };
    const engine = await Engine.open(environment, chosen);
    try {
      await use(engine, environment);
    } finally {
      await engine.close();
    }
  });
}

/** Errors of the engine and the server become a sentence and an exit code; others are thrown on. */
export async function tellErrors(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const exitCode = databaseExitCode(error);
    if (exitCode === undefined) throw error;
    process.stderr.write(`ninelives: ${(error as Error).message}\n`);
    process.exitCode = exitCode;
  }
}

/** Undefined for an error that is neither the engine's nor the server's. */
export function databaseExitCode(error: unknown): number | undefined {
  if (error instanceof HttpError) return EXIT_USAGE;
  if (!(error instanceof EngineError)) return undefined;
  if (error.code === 'ENGINE_CORRUPT') return EXIT_DAMAGED;
  return error.code === 'ENGINE_IO' || error.code === 'ENGINE_READ_ONLY' ? EXIT_UNKNOWN : EXIT_USAGE;
}

/** A parser of option values: a JSON object. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new InvalidArgumentError('Expected a JSON object, such as {"memtableEntriesMax":100}.');
}

const EXIT_DAMAGED = 1;
