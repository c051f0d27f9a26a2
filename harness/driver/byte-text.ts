/** Byte text and bytes: one character U+0000 to U+00FF is one byte. */
export function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

export function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
