import type { Command } from 'commander';
import { resolveHttpOptions, startServer } from '../../engine/http/index.js';
import { abortOnSignals } from '../interrupts.js';
import { wholeNumber } from '../options.js';
import {
  addDatabaseArguments,
  type DatabaseArguments,
  jsonObject,
  tellErrors,
  withDatabase,
} from './open-database.js';

/**
 * `ninelives kv serve DIRECTORY`: a database over HTTP, until SIGTERM or Ctrl-C: then what is in flight is finished, the
 * database is closed and the exit code is 0. A second signal ends it at once, as a crash would: nothing acknowledged
 * is lost by that either.
 */
export function addServeCommand(kv: Command): void {
  addDatabaseArguments(kv.command('serve').description('serve a database over HTTP'))
    .option('--port <n>', '0 takes a free one', wholeNumber(0, 65_535), PORT_DEFAULT)
    .option('--host <name>', 'name or address to listen on', '127.0.0.1')
    .option('--allow-remote', 'let --host be one that others can reach; there is no password')
    .option('--limits <json>', 'limits of the server, such as {"valueBytesMax":1024}', jsonObject)
    .action(serve);
}

/** Nine lives, and nobody's registered port that is in common use. */
const PORT_DEFAULT = 9009;

interface ServeArguments extends DatabaseArguments {
  readonly port: number;
  readonly host: string;
  readonly allowRemote?: true;
  readonly limits?: Readonly<Record<string, unknown>>;
}

async function serve(directory: string, given: ServeArguments): Promise<void> {
  const signal = abortOnSignals((name) => say(`${name}: finishing what is in flight`));
  // Whoever started the server may have stopped to listen to it; that is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const { port, host, allowRemote = false, limits = {} } = given;
  const onError = (error: unknown) => say(error instanceof Error ? error.message : String(error));
  await tellErrors(async () => {
    // Before the database is made: a wrong option is to leave nothing behind.
    const options = resolveHttpOptions({ ...limits, port, host, allowRemote, onError });
    await withDatabase(directory, given, async (engine, environment) => {
      const server = await startServer(engine, environment, options);
      process.stdout.write(`listening on ${server.url}\n`);
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await server.close();
    });
  });
}

function say(line: string): void {
  process.stderr.write(`ninelives: ${line}\n`);
}
