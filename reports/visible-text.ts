/**
 * Text from a run record, made safe to look at. Messages, paths and stderr come from the program under test: they
 * may hold terminal escapes, line breaks or characters that turn the reading direction. Each such character is
 * written as `\u001b`, so that it can be seen and does nothing. Markup is escaped by the renderer, not here; keys
 * and values are bytes and go through `byteText` of the operations instead.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** `text` with every control, format, private, unassigned and lone surrogate character escaped, cut to `lengthMax` characters. */
export function visibleText(text: string, lengthMax = 1_000): string {
  const shown = text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text;
  return shown.replace(INVISIBLE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
}
