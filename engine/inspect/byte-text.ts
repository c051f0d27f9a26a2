/**
 * Bytes as text that cannot surprise a terminal: printable ASCII as it is, all else as `\xNN`, within quotes and cut to
 * what fits a line. For people; programs get base64.
 */
export function byteText(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, SHOWN_BYTES_MAX);
  const quoted = `"${Array.from(shown, escapeByte).join('')}"`;
  return shown.length === bytes.length ? quoted : `${quoted}... (${count(bytes.length, 'byte')})`;
}

/** A name of a file as it is if nothing in it can surprise, otherwise quoted and escaped. Takes byte text. */
export function nameText(name: string): string {
  return /^[\w./#+-]+$/.test(name) ? name : byteText(Buffer.from(name, 'latin1'));
}

/** Any text as printable ASCII: what others have worded may hold names and bytes from a file. */
export function plainText(text: string): string {
  return text.replace(
    /[^\x20-\x7e]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  );
}

/** JSON on one line, in printable ASCII. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

/** `1 byte`, `2,048 bytes`, `3 entries`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

const SHOWN_BYTES_MAX = 64;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];

function escapeByte(byte: number): string {
  if (byte === QUOTE || byte === BACKSLASH) return `\\${String.fromCharCode(byte)}`;
  if (byte >= 0x20 && byte <= 0x7e) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
