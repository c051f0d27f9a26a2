import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../targets/target.js';
import type { EnvironmentRecord } from './record.js';

/** What a reader must know to judge whether a run says anything about their machine. */
export function describeEnvironment(build: string, dataDirectory: string): EnvironmentRecord {
  return {
    ninelives: packageVersion(),
    build,
    node: process.version,
    platform: `${os.type()} ${os.release()} ${os.arch()}`,
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    dataDirectory,
    fileSystem: fileSystemOf(dataDirectory),
  };
}

export function packageVersion(): string {
  const text = fs.readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function fileSystemOf(directory: string): string {
  try {
    return execFileSync('stat', ['-f', '-c', '%T', directory], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return 'unknown';
  }
}
