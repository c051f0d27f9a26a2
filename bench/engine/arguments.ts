import { Command, InvalidArgumentError } from 'commander';

/**
 * What the benchmarks of the engine have in common at the command line: help, whole numbers, and exit code 2 with
 * one sentence on standard error for whatever is not understood.
 */
export function benchCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .allowExcessArguments(false)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
}

/** A parser for a whole number in a range; both ends belong to it. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}
