import * as fs from 'node:fs';

/**
 * Lines from standard input. In an exact run the read blocks the whole process: what has arrived so far then has no
 * influence on what the engine does next. In a real-time run it waits on the thread pool while the engine works.
 */
export class LineInput {
  private rest = Buffer.alloc(0);
  private readonly chunk = Buffer.allocUnsafe(64 * 1024);
  blocking = true;

  /** The next line without its line feed; undefined when the parent has closed the pipe or is gone. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const end = this.rest.indexOf(LINE_FEED);
      if (end >= 0) {
        const line = this.rest.toString('utf8', 0, end);
        this.rest = this.rest.subarray(end + 1);
        return line;
      }
      const bytes = this.blocking ? this.readBlocking() : await this.readWaiting();
      if (bytes === 0) return undefined;
      this.rest = Buffer.concat([this.rest, this.chunk.subarray(0, bytes)]);
    }
  }

  /** Whether `next` will answer without waiting for the parent. */
  hasLine(): boolean {
    return this.rest.includes(LINE_FEED);
  }

  private readBlocking(): number {
    for (;;) {
      try {
        return fs.readSync(STDIN, this.chunk);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EOF' || code === 'ECONNRESET') return 0;
        if (code !== 'EAGAIN' && code !== 'EINTR') throw error;
      }
    }
  }

  private readWaiting(): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.read(STDIN, this.chunk, 0, this.chunk.length, null, (error, bytes) => {
        if (error === null) resolve(bytes);
        else if (error.code === 'EOF' || error.code === 'ECONNRESET') resolve(0);
        else reject(error);
      });
    });
  }
}

const STDIN = 0;
const LINE_FEED = 0x0a;
