import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { NinelivesLevel } from './level.js';
import type { DatabaseOptions } from './options.js';

/** Databases on real directories for tests: closed and removed after each test. */
export class Place {
  readonly #databases: NinelivesLevel<unknown, unknown>[] = [];
  readonly #directories: string[] = [];

  constructor() {
    afterEach(async () => {
      // What is broken on purpose may fail to close.
      await Promise.allSettled(this.#databases.splice(0).map((database) => database.close()));
      for (const directory of this.#directories.splice(0))
        rmSync(directory, { recursive: true, force: true });
    });
  }

  /** A path at which nothing is. */
  path(): string {
    const directory = mkdtempSync(join(tmpdir(), 'ninelives-level-'));
    this.#directories.push(directory);
    return join(directory, 'database');
  }

  /** A database that is opening. */
  database<K = string, V = string>(
    location = this.path(),
    options?: DatabaseOptions<K, V>,
  ): NinelivesLevel<K, V> {
    const database = new NinelivesLevel<K, V>(location, options);
    this.#databases.push(database as NinelivesLevel<unknown, unknown>);
    return database;
  }
}

/** Resolves to what the promise is rejected with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Error & { readonly code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected a rejection, got a result.');
}
