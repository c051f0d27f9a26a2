/**
 * A case as one word that fits in a mail, an issue or a log line: `nl1_` and base64url of
 *
 *     CRC-32 of the JSON (4 bytes, big-endian) | the JSON, deflated raw with a dictionary
 *
 * The JSON is `{"build":…,"case":…}` as it is; the dictionary holds what nearly every case says, so a short case
 * costs little more than its own keys and values. The dictionary is part of the format: a change needs `nl2_`.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import crc32 from 'crc-32';
import * as v from 'valibot';
import type { CrashCase } from '../workload/case.js';
import { CaseError } from './case-error.js';
import { buildSchema, caseSchema, parseSaved } from './case-schema.js';

export interface TokenContent {
  readonly build: string;
  readonly case: CrashCase;
}

/** Characters that a token may have, white space not counted. */
export const TOKEN_LENGTH_MAX = 64 * 1024;
const JSON_BYTES_MAX = 4 * 1024 * 1024;

/** The token of a case. Throws CaseError: 'too-large' if only a case file can hold it, 'bad-field' if it is none. */
export function encodeToken(content: TokenContent): string {
  const json = Buffer.from(JSON.stringify(parseSaved(tokenSchema, content, 'the case to encode')));
  const token = PREFIX + Buffer.concat([checksum(json), deflated(json)]).toString('base64url');
  if (json.length <= JSON_BYTES_MAX && token.length <= TOKEN_LENGTH_MAX) return token;
  throw new CaseError(
    'too-large',
    `Expected a case whose token has at most ${TOKEN_LENGTH_MAX} characters, got ${token.length}; use the case file.`,
  );
}

/** The case in a token. White space around it and inside it (a wrapped line) is ignored. Throws CaseError. */
export function decodeToken(text: string): TokenContent {
  const token = text.replace(/\s+/g, '');
  if (token.length > TOKEN_LENGTH_MAX) {
    throw new CaseError(
      'too-large',
      `Expected a token of at most ${TOKEN_LENGTH_MAX} characters, got ${token.length}; use the case file.`,
    );
  }
  checkPrefix(token);
  const payload = token.slice(PREFIX.length);
  if (!/^[A-Za-z0-9_-]{8,}$/.test(payload)) throw damaged('letters that no token has, or too few of them');
  const bytes = Buffer.from(payload, 'base64url');
  const json = inflated(bytes.subarray(4));
  if (!bytes.subarray(0, 4).equals(checksum(json))) throw damaged('another checksum than its content has');
  return parseSaved(tokenSchema, JSON.parse(json.toString()), 'the token');
}

const PREFIX = 'nl1_';

const tokenSchema: v.GenericSchema<unknown, TokenContent> = v.strictObject({
  build: buildSchema,
  case: caseSchema,
});

function checkPrefix(token: string): void {
  if (token.startsWith(PREFIX)) return;
  const start = JSON.stringify(token.slice(0, 12));
  throw /^nl\d+_/.test(token)
    ? new CaseError(
        'wrong-version',
        `Expected a token that starts with ${PREFIX}, got ${start}; use the ninelives that printed it.`,
      )
    : new CaseError(
        'not-a-case',
        `Expected a token that starts with ${PREFIX}, got ${start}; copy the whole token, or give the case file.`,
      );
}

function damaged(found: string, cause?: unknown): CaseError {
  return new CaseError(
    'not-a-case',
    `Expected an undamaged token, got ${found}; copy it again from its first letter to its last, or use the case file.`,
    cause,
  );
}

function checksum(json: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(crc32.buf(json));
  return bytes;
}

function deflated(json: Uint8Array): Buffer {
  return deflateRawSync(json, { level: 9, dictionary: DICTIONARY });
}

function inflated(bytes: Uint8Array): Buffer {
  try {
    return inflateRawSync(bytes, { dictionary: DICTIONARY, maxOutputLength: JSON_BYTES_MAX });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new CaseError(
        'too-large',
        `Expected a token that holds at most ${JSON_BYTES_MAX} bytes, got more; use the case file.`,
        error,
      );
    }
    throw damaged('bytes that cannot be inflated', error);
  }
}

// Deflate reaches the end of a dictionary with the fewest bits, so the most frequent words come last.
const DICTIONARY = Buffer.from(
  [
    'recovery/bloom.create recovery/bloom.write recovery/bloom.fsync recovery/dir.fsync recovery/unlink ',
    'recovery/wal.truncate recovery/wal.fsync open/mkdir open/lock close/unlock compaction/mkdir ',
    'wal/create wal/header wal/dir.fsync compaction/bloom.create compaction/bloom.write ',
    'compaction/bloom.fsync compaction/dir.fsync compaction/sst.create compaction/sst.fsync ',
    'flush/bloom.create flush/bloom.write flush/bloom.fsync flush/sst.create flush/dir.fsync ',
    'gc/bloom.unlink gc/manifest.unlink gc/sst.unlink gc/wal.unlink manifest/tmp.create ',
    '"durability":"always""durability":"interval","syncIntervalMs":"memtableBytesMax":"tableBytesMax":',
    '"blockBytes":"restartInterval":"bloomFalsePositiveRate":"blockCacheBytes":"levelRatio":"levelsMax":',
    '"l0TablesStall":"memtablesStall":"l1TablesMax":',
    '"end":"close"},{"operations":[],"end":"kill idle"}]}}"end":"kill at ms"',
    '"end":"kill inside wal/append # @"end":"kill inside compaction/sst.write # @',
    '"end":"kill inside manifest/tmp.write # @"end":"kill inside flush/sst.write # @',
    '"end":"kill before wal/fsync #"end":"kill after flush/sst.fsync #"end":"kill before manifest/dir.fsync #',
    '"end":"kill before manifest/tmp.fsync #"end":"kill before manifest/rename #',
    '"end":"kill after manifest/rename #',
    '{"build":"","case":{"format":1,"scenario":"kill-at-manifest-rename","target":"lsm",',
    '"options":{"durability":"os","l0TablesMax":2,"memtableEntriesMax":4,"tableEntriesMax":4},"seed":',
    ',"lives":[{"operations":[{"operation":{"kind":"scan","gte":"","lt":"","limit":',
    '{"operation":{"kind":"sync"}},{"operation":{"kind":"compact"}},{"operation":{"kind":"flush"}},',
    '{"operation":{"kind":"get","key":"","overlap":true,"turns":[0,1]},',
    '{"operation":{"kind":"batch","writes":[{"kind":"put","key":""value":"},{"kind":"delete","key":""}],"sync":true}},',
    '{"operation":{"kind":"delete","key":"a"}},{"operation":{"kind":"put","key":"k","value":"0.',
  ].join(''),
);
