import type { IncomingMessage } from 'node:http';
import { HttpError } from './errors.js';
import { isLoopback } from './options.js';

/**
 * Who may ask. The server knows no passwords, and a browser on this machine reaches loopback for any page that it
 * shows, so pages of other sites are kept out:
 *
 *     Origin is another site's         a page that posts to us from elsewhere. A browser always says so.
 *     Host is not a name of loopback   a page whose own name was made to point at us (DNS rebinding); only looked at
 *                                      while the server listens on loopback, where such a name is never right
 *
 * Programs send no Origin, and Host as it stands in their URL. This does not keep other users of the machine out.
 */
export function checkCaller(
  request: IncomingMessage,
  authority: string | undefined,
  loopback: boolean,
): void {
  const host = authority ?? request.headers.host;
  if (loopback && host !== undefined && !isLoopback(host.replace(/:\d*$/, ''))) {
    throw new HttpError(
      'HTTP_FORBIDDEN',
      `Expected a Host that is localhost or a loopback address, got ${JSON.stringify(host.slice(0, 80))}; use the URL that the server printed.`,
    );
  }
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new HttpError(
      'HTTP_FORBIDDEN',
      `Expected a request of a program or of this server's own origin, got one of ${JSON.stringify(origin.slice(0, 80))}.`,
    );
  }
}
