import { execa } from 'execa';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../harness/targets/target.js';

/** For tests: the command as a user runs it, in a directory of its own. */
export class CommandPlace {
  readonly directory = mkdtempSync(join(tmpdir(), 'ninelives-cli-'));

  /** Runs `ninelives` with these arguments until it ends, in this directory. */
  async run(...words: readonly string[]) {
    return await this.start(...words);
  }

  /** The same, as a process that can be sent signals; it leads a process group, as a shell's job does. */
  start(...words: readonly string[]) {
    return execa(process.execPath, [COMMAND, ...words], { ...OPTIONS, cwd: this.directory, detached: true });
  }

  /** Every file and directory below, sorted. */
  files(): readonly string[] {
    return (readdirSync(this.directory, { recursive: true }) as string[]).sort();
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The command's own file. */
export const COMMAND = join(PACKAGE_ROOT, 'cli', 'ninelives.mjs');

const OPTIONS = { reject: false, env: { NO_COLOR: '1' }, stdin: 'ignore' } as const;
