import { Agent, type IncomingMessage, request } from 'node:http';
import { VALUE_BYTES_MAX } from '../options.js';
import type { Answer } from './answers.js';
import { readScanKeys } from './scan-keys.js';
import type { ValidationLine } from './validation-file.js';

/**
 * Lines of a validation file as HTTP requests: PUT, GET and DELETE of /{key}, and GET /_scan?from&to, where all bytes
 * but letters and digits are percent-encoded. One attempt each; `retry.ts` makes more of it.
 *
 * 503, and a connection that fails at any point before the answer is whole, mean that the server is away: whether a
 * write took effect is then not known, and it may be asked for again. Every other status that the request should not
 * get is an answer, a wrong one. A server that takes a request and stays silent is waited for until `signal` is
 * aborted: asking again beside a request that it may still carry out could overwrite a later line.
 */
export type Attempt = Answer | { readonly kind: 'away'; readonly why: string };

export class HttpRequests {
  readonly #baseUrl: () => URL | undefined;
  readonly #agent: Agent;

  /** `baseUrl`: http, where the server is at present, undefined while it is known to be away. At most `connectionsMax` connections at a time. */
  constructor(baseUrl: () => URL | undefined, connectionsMax: number) {
    this.#baseUrl = baseUrl;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
  }

  /** Never rejects. An aborted attempt is 'away'. */
  async attempt(line: ValidationLine, signal: AbortSignal): Promise<Attempt> {
    const base = this.#baseUrl();
    if (base === undefined) return { kind: 'away', why: 'no server is running' };
    try {
      const response = await this.#send(base, line, signal);
      try {
        return await answerOf(line, response);
      } finally {
        // What was not read to its end is not read further.
        if (!response.complete) response.destroy();
      }
    } catch (error) {
      return failureOf(error as NodeJS.ErrnoException);
    }
  }

  /** Ends the connections that are kept. */
  close(): void {
    this.#agent.destroy();
  }

  #send(base: URL, line: ValidationLine, signal: AbortSignal): Promise<IncomingMessage> {
    const { method, path, body } = requestOf(line);
    return new Promise((resolve, reject) => {
      const sent = request({
        agent: this.#agent,
        // URL has an IPv6 address in brackets, which a connection must not have.
        hostname: base.hostname.replace(/^\[(.*)\]$/, '$1'),
        port: base.port === '' ? 80 : Number(base.port),
        path: base.pathname.replace(/\/$/, '') + path,
        method,
        headers: body === undefined ? {} : { 'content-length': body.length },
        signal,
      });
      sent.on('response', resolve).on('error', reject);
      sent.end(body);
    });
  }
}

interface Request {
  readonly method: 'PUT' | 'GET' | 'DELETE';
  readonly path: string;
  readonly body?: Buffer;
}

function requestOf(line: ValidationLine): Request {
  switch (line.kind) {
    case 'put':
      return { method: 'PUT', path: `/${encoded(line.key)}`, body: Buffer.from(line.value, 'latin1') };
    case 'get':
      return { method: 'GET', path: `/${encoded(line.key)}` };
    case 'delete':
      return { method: 'DELETE', path: `/${encoded(line.key)}` };
    case 'scan':
      return { method: 'GET', path: `/_scan?from=${encoded(line.from)}&to=${encoded(line.to)}` };
  }
}

/** Also `_` and `.`, so that no key is taken for a command or a step through folders. */
function encoded(byteText: string): string {
  return byteText.replace(
    /[^A-Za-z0-9]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

async function answerOf(line: ValidationLine, response: IncomingMessage): Promise<Attempt> {
  const status = response.statusCode ?? 0;
  if (status === 200 && line.kind === 'scan') return await scanAnswer(line.keys.length, response);
  if (status === 200 && line.kind === 'get') return await valueAnswer(response);
  const text = await readText(response);
  if (status === 503) return { kind: 'away', why: `it answers 503: ${text}` };
  switch (line.kind) {
    case 'put':
      if ([200, 201, 204].includes(status)) return { kind: 'done' };
      break;
    case 'delete':
      // 404: the key was not there, or the attempt before deleted it; in either case it is gone.
      if ([200, 204, 404].includes(status)) return { kind: 'done' };
      break;
    case 'get':
      if (status === 404) return { kind: 'value', value: null };
      break;
    case 'scan':
      break;
  }
  return { kind: 'refused', what: `status ${status}${text === '' ? '' : `: ${text}`}` };
}

async function scanAnswer(keysExpected: number, response: IncomingMessage): Promise<Answer> {
  // One more than expected is wrong already.
  const found = await readScanKeys(response, keysExpected + 1);
  if (found.kind === 'keys') return found;
  return { kind: 'refused', what: found.what };
}

async function valueAnswer(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length > VALUE_BYTES_MAX) {
      return { kind: 'refused', what: `a value of more than ${VALUE_BYTES_MAX} bytes` };
    }
  }
  return { kind: 'value', value: Buffer.concat(parts).toString('latin1') };
}

/** The beginning of a body, in one line. */
async function readText(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response as AsyncIterable<Buffer>) {
    text += part.toString('latin1');
    if (text.length > TEXT_READ_MAX) break;
  }
  return text.slice(0, TEXT_SHOWN_MAX).replace(/\s+/g, ' ').trim();
}

const TEXT_READ_MAX = 65_536;
const TEXT_SHOWN_MAX = 200;

/** A response that is no HTTP is an answer; one that was cut by the end of the connection is none. */
function failureOf({ code, message }: NodeJS.ErrnoException): Attempt {
  if (code?.startsWith('HPE_') === true && code !== 'HPE_INVALID_EOF_STATE') {
    return { kind: 'refused', what: `something that is not HTTP (${message})` };
  }
  return { kind: 'away', why: message };
}
