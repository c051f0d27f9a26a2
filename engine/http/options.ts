import { isIP } from 'node:net';
import { VALUE_BYTES_MAX } from '../options.js';
import { HttpError } from './errors.js';

/** Options of the HTTP server with their defaults and ranges. Every limit is there so that no client can hold the rest up. */
export interface HttpOptions {
  /** 0 lets the system choose a free one. */
  readonly port: number;
  /** Name or address to listen on. */
  readonly host: string;
  /** Needed for a `host` that is not loopback: there is no password, so whoever reaches the port may read and write. */
  readonly allowRemote: boolean;
  /** The largest value that PUT and a batch take; what is stored already is given whatever its size. */
  readonly valueBytesMax: number;
  /** The largest body of a batch, in its encoding. */
  readonly batchBytesMax: number;
  readonly batchOperationsMax: number;
  /** Bodies and values that all requests together may hold in memory; one alone is always let through. */
  readonly heldBytesMax: number;
  /** Further ones are closed at once. */
  readonly connectionsMax: number;
  /** For the request line and the headers to arrive. */
  readonly headTimeoutMs: number;
  /** For the whole request to arrive. */
  readonly requestTimeoutMs: number;
  /** A client that takes nothing of its answer for so long is disconnected. */
  readonly sendTimeoutMs: number;
  /** How long `close` waits for what is in flight. */
  readonly closeTimeoutMs: number;
  /** Told of errors that nobody foresaw; the client gets HTTP_INTERNAL. */
  readonly onError: (error: unknown) => void;
}

export const DEFAULT_HTTP_OPTIONS: HttpOptions = {
  port: 0,
  host: '127.0.0.1',
  allowRemote: false,
  valueBytesMax: VALUE_BYTES_MAX,
  batchBytesMax: 16 * 1024 * 1024,
  batchOperationsMax: 100_000,
  heldBytesMax: 256 * 1024 * 1024,
  connectionsMax: 256,
  headTimeoutMs: 10_000,
  requestTimeoutMs: 120_000,
  sendTimeoutMs: 60_000,
  closeTimeoutMs: 10_000,
  onError: () => undefined,
};

/** The options that are limits, which a user may set from the command line. */
export const HTTP_LIMITS = {
  valueBytesMax: [0, VALUE_BYTES_MAX],
  batchBytesMax: [1, 2 ** 28],
  batchOperationsMax: [1, 10_000_000],
  heldBytesMax: [1, 2 ** 40],
  connectionsMax: [1, 1_000_000],
  headTimeoutMs: [1, 3_600_000],
  requestTimeoutMs: [1, 86_400_000],
  sendTimeoutMs: [1, 86_400_000],
  closeTimeoutMs: [0, 3_600_000],
} as const satisfies Partial<Record<keyof HttpOptions, readonly [number, number]>>;

const OTHERS: Readonly<Record<Exclude<keyof HttpOptions, keyof typeof HTTP_LIMITS>, string>> = {
  port: 'number',
  host: 'string',
  allowRemote: 'boolean',
  onError: 'function',
};

/** Fills in the defaults. Throws HTTP_INVALID_OPTION naming the first option that is unknown, out of range, or not safe. */
export function resolveHttpOptions(given: Partial<HttpOptions>): HttpOptions {
  for (const [name, value] of Object.entries(given)) checkOption(name, value);
  const options = { ...DEFAULT_HTTP_OPTIONS, ...given };
  if (options.requestTimeoutMs < options.headTimeoutMs) {
    throw invalid(
      `Expected requestTimeoutMs to be at least headTimeoutMs (${options.headTimeoutMs}), got ${options.requestTimeoutMs}.`,
    );
  }
  if (!isLoopback(options.host) && !options.allowRemote) {
    throw invalid(
      `Expected a host that only this machine can reach, got ${JSON.stringify(options.host)}; the server asks for no ` +
        'password, so allowRemote (on the command line --allow-remote) must say that everybody else is kept out.',
    );
  }
  return options;
}

/** True for the names and addresses by which a machine reaches only itself. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

function checkOption(name: string, value: unknown): void {
  if (Object.hasOwn(HTTP_LIMITS, name)) {
    const [min, max] = HTTP_LIMITS[name as keyof typeof HTTP_LIMITS];
    checkWhole(name, value, min, max);
  } else if (name === 'port') {
    checkWhole(name, value, 0, 65_535);
  } else if (!Object.hasOwn(OTHERS, name)) {
    const names = Object.keys(DEFAULT_HTTP_OPTIONS).join(', ');
    throw invalid(`Unknown option ${JSON.stringify(name)} of the HTTP server; the options are ${names}.`);
  } else if (typeof value !== OTHERS[name as keyof typeof OTHERS] || value === '') {
    throw invalid(`Expected ${name} to be a ${OTHERS[name as keyof typeof OTHERS]}, got ${String(value)}.`);
  }
}

function checkWhole(name: string, value: unknown, min: number, max: number): void {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return;
  throw invalid(`Expected ${name} to be a whole number from ${min} to ${max}, got ${String(value)}.`);
}

function invalid(message: string): HttpError {
  return new HttpError('HTTP_INVALID_OPTION', message);
}
