import { HttpError } from './errors.js';
import { percentDecoded } from './target.js';

/**
 * The parameters behind the question mark: `name=value`, with `&` between, percent-encoded. As in a form, `+` is a
 * space, because that is how URLSearchParams writes one. What is not asked for is refused, not ignored: a misspelt
 * `limt` would otherwise be a scan of everything.
 */
export type Parameters<Name extends string> = Readonly<Partial<Record<Name, Uint8Array>>>;

/** Throws HTTP_BAD_PARAMETER for a name that is not among `names` or comes twice. */
export function parametersOf<Name extends string>(query: string, names: readonly Name[]): Parameters<Name> {
  const found: Partial<Record<Name, Uint8Array>> = {};
  for (const part of query.split('&').filter((part) => part !== '')) {
    const end = part.includes('=') ? part.indexOf('=') : part.length;
    const name = textOf(formDecoded(part.slice(0, end)));
    const known = names.find((candidate) => candidate === name);
    if (known === undefined) {
      const there = names.length === 0 ? 'there are none here' : `there are ${names.join(', ')}`;
      throw badParameter(`Unknown parameter ${JSON.stringify(name)}; ${there}.`);
    }
    if (found[known] !== undefined) throw badParameter(`Expected ${known} once, got it twice.`);
    found[known] = formDecoded(part.slice(end + 1));
  }
  return found;
}

/** `1` is true, `0` is false; undefined if it was not given. */
export function flagOf(name: string, value: Uint8Array | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  const text = textOf(value);
  if (text === '1' || text === '0') return text === '1';
  throw badParameter(`Expected ${name} to be 1 or 0, got ${JSON.stringify(text)}.`);
}

/** A whole number from 0; undefined if it was not given. */
export function wholeNumberOf(name: string, value: Uint8Array | undefined): number | undefined {
  if (value === undefined) return undefined;
  const text = textOf(value);
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw badParameter(`Expected ${name} to be a whole number from 0, got ${JSON.stringify(text)}.`);
}

/** One of `choices`, the first if it was not given. */
export function choiceOf<Choice extends string>(
  name: string,
  value: Uint8Array | undefined,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  if (value === undefined) return choices[0];
  const text = textOf(value);
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw badParameter(`Expected ${name} to be ${choices.join(' or ')}, got ${JSON.stringify(text)}.`);
}

/** HTTP_BAD_PARAMETER. */
export function badParameter(message: string): HttpError {
  return new HttpError('HTTP_BAD_PARAMETER', message);
}

function formDecoded(text: string): Uint8Array {
  return percentDecoded(text.replaceAll('+', ' '));
}

/** For messages and for what is written in ASCII anyway; short, because a client chooses it. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 40)).toString('latin1');
}
