import { type Choice } from '../choices.js';
import type { Budget } from './budget.js';
import { after, allows, type Arrival, knownContent, type PossibleContent } from './possible-content.js';

/**
 * In which ways the pending changes of one file may have arrived, so that it holds what it was found to hold: each way
 * says of each change what is there of it. All ways are given, those that keep more first. A
 * depth-first search over the changes in order.
 */
export function fileArrivals(file: FoundFile, budget: Budget): readonly (readonly Arrival[])[] {
  const found: Arrival[][] = [];
  const walk = (index: number, contents: readonly PossibleContent[], way: readonly Arrival[]) => {
    const next = file.changes[index];
    if (next === undefined) {
      if (contents.some((content) => allows(content, file.bytes))) found.push([...way]);
      return;
    }
    for (const arrival of ARRIVALS) {
      if (!next.allowed.includes(arrival)) continue;
      const grown = contents.flatMap((content) => after(content, next.choice, arrival, file.bytes.length));
      budget.spend(grown.length);
      if (grown.length > 0) walk(index + 1, grown, [...way, arrival]);
    }
  };
  walk(0, [knownContent(file.durable, file.sliceBytes)], []);
  return found;
}

export interface FoundFile {
  /** What it certainly held. */
  readonly durable: Uint8Array;
  /** Its pending changes, in order, with what may be supposed of each. */
  readonly changes: readonly { readonly choice: Choice; readonly allowed: readonly Arrival[] }[];
  /** What it was found to hold. */
  readonly bytes: Uint8Array;
  readonly sliceBytes: number;
}

const ARRIVALS: readonly Arrival[] = ['whole', 'torn', 'within', 'size', 'lost'];
