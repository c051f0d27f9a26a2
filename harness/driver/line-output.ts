import * as fs from 'node:fs';
import type { Answer } from './protocol.js';

/**
 * Answers to standard output, one JSON line each, written with write(2) so that a line is with the parent as soon
 * as the call returns. In an exact run answers may be held back until the next `flush`, which saves system calls:
 * if somebody else kills the process before it, an acknowledgement that was held back counts as an open outcome,
 * which is the safe side.
 */
export class LineOutput {
  private held = '';
  private readonly holds: boolean;

  constructor(holds: boolean) {
    this.holds = holds;
  }

  write(answer: Answer): void {
    this.held += `${JSON.stringify(answer)}\n`;
    if (!this.holds || this.held.length > HELD_CHARACTERS_MAX) this.flush();
  }

  flush(): void {
    if (this.held === '') return;
    const bytes = Buffer.from(this.held, 'utf8');
    this.held = '';
    for (let done = 0; done < bytes.length;) {
      try {
        done += fs.writeSync(STDOUT, bytes, done);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // The parent is gone: nobody is left to answer.
        if (code === 'EPIPE') process.exit(0);
        if (code !== 'EAGAIN' && code !== 'EINTR') throw error;
      }
    }
  }
}

const STDOUT = 1;
const HELD_CHARACTERS_MAX = 64 * 1024;
