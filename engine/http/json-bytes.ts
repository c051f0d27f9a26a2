import { isUtf8 } from 'node:buffer';

/**
 * Bytes in JSON. As 'base64' every string is base64 (RFC 4648 section 4, with its padding). As 'utf8' a string is the
 * text itself, and bytes that are not UTF-8 are an object, `{"base64": "/w=="}`, so that nothing is lost; such an
 * object may be written under 'base64', too.
 */
export type BytesEncoding = 'base64' | 'utf8';

/** The JSON text of bytes. */
export function jsonOfBytes(bytes: Uint8Array, encoding: BytesEncoding): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (encoding) {
    case 'base64':
      return `"${buffer.toString('base64')}"`;
    case 'utf8':
      return isUtf8(buffer)
        ? JSON.stringify(buffer.toString('utf8'))
        : `{"base64":"${buffer.toString('base64')}"}`;
  }
}

/** The bytes that a parsed JSON value stands for; undefined if it stands for none. */
export function bytesOfJson(value: unknown, encoding: BytesEncoding): Uint8Array | undefined {
  if (typeof value === 'string') {
    return encoding === 'utf8' ? bytesOfText(value) : bytesOfBase64(value);
  }
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== 'base64') return undefined;
  const { base64 } = value as { readonly base64: unknown };
  return typeof base64 === 'string' ? bytesOfBase64(base64) : undefined;
}

/** A lone surrogate has no UTF-8, and would silently become another character. */
function bytesOfText(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.toString('utf8') === text ? bytes : undefined;
}

/** Strict: Buffer skips what is not base64, so what it read is written again and compared. */
function bytesOfBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
