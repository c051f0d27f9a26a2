import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The connections of a server and what is under way on each. Requests of one connection are carried out one after the
 * other, in the order in which they came: a client that sends a PUT and a GET without waiting finds what it put.
 * Closing ends a connection after its last request, and at once where none is.
 */
export class Connections {
  readonly #open = new Map<Socket, Line>();
  #closing = false;

  /** To be called for each new connection. */
  add(socket: Socket): void {
    if (this.#closing) {
      socket.destroy();
      return;
    }
    this.#open.set(socket, { length: 0, last: Promise.resolve(), request: undefined });
    socket.once('close', () => this.#open.delete(socket));
  }

  /**
   * Lets a request wait for its turn. `carry` must not reject, and resolve when the answer has been sent or can no
   * longer be.
   */
  take(request: IncomingMessage, carry: () => Promise<void>): void {
    const { socket } = request;
    const line = this.#open.get(socket);
    // The connection ended before its request was looked at, or sends more than anybody waits for.
    if (line === undefined || line.length === PIPELINE_MAX) {
      socket.destroy();
      return;
    }
    line.length++;
    line.request = request;
    line.last = line.last.then(async () => {
      // Node says of no more than one answer that its connection ended; those that wait behind it are dropped here.
      if (!socket.destroyed) await carry();
      line.length--;
      if (this.#closing && line.length === 0) socket.destroySoon();
    });
  }

  /** What is under way on a connection: how many requests, and the last of them. */
  lineOf(socket: Socket): Readonly<Line> | undefined {
    return this.#open.get(socket);
  }

  /** No request is taken any more; resolves when every connection has ended. */
  async close(): Promise<void> {
    this.#closing = true;
    const ends = [...this.#open].map(([socket, { length }]) => {
      const end = new Promise((resolve) => socket.once('close', resolve));
      if (length === 0) socket.destroySoon();
      return end;
    });
    await Promise.all(ends);
  }

  /** Ends them all, whatever is under way. */
  destroy(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }
}

export interface Line {
  /** Requests that have arrived and are not answered. */
  length: number;
  /** The end of the last one's turn. */
  last: Promise<void>;
  request: IncomingMessage | undefined;
}

/** Requests that may wait on one connection; a read from a socket holds some hundred small ones. */
const PIPELINE_MAX = 1_000;
