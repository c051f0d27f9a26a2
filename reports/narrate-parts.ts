/**
 * The phrases of a narrated history: answers, errors and observations. Lists of data are cut to what fits
 * a sentence, and the sentence says how much was left out; the case file has everything.
 */
import type { Observation, OperationError } from '../harness/history/event.js';
import type { Operation, Pair, Result } from '../harness/workload/operation.js';
import { byteText } from '../harness/workload/operation.js';
import { countText, counted } from './quantity.js';
import { visibleText } from './visible-text.js';

/** Prose, or escaped data that a renderer sets off from it. */
export type Part = string | { readonly data: string };

const LISTED_MAX = 8;
const ERROR_SHOWN_MAX = 300;

/** What an operation answered, with its full stop. */
export function answerParts(operation: Operation, result: Result): readonly Part[] {
  if ('pairs' in result) {
    const pairs = result.pairs;
    if (pairs.length === 0) return ['found nothing.'];
    return [
      `found ${counted(pairs.length, 'pair')}: `,
      ...cutParts(pairs, ([key, value]) => [pairData(key, value)]),
      '.',
    ];
  }
  if ('value' in result) {
    const value = result.value;
    return value === null ? ['found nothing.'] : ['found ', { data: byteText(value) }, '.'];
  }
  if ('values' in result) {
    const values = result.values;
    return [
      'found ',
      ...cutParts(values, (value) => [value === null ? 'nothing' : { data: byteText(value) }]),
      '.',
    ];
  }
  if ('locked' in result) return [result.locked ? 'was locked out.' : 'got in.'];
  switch (operation.kind) {
    case 'put':
    case 'delete':
    case 'batch':
      return ['was acknowledged.'];
    case 'get':
    case 'get-many':
    case 'scan':
    case 'snapshot':
    case 'release':
    case 'sync':
    case 'flush':
    case 'compact':
    case 'open-again':
      return ['completed.'];
  }
}

/** `CODE (message).` */
export function errorParts(error: OperationError): readonly Part[] {
  return [
    { data: visibleText(error.code) },
    ' (',
    { data: visibleText(error.message, ERROR_SHOWN_MAX) },
    ').',
  ];
}

/** Paths in a row: `a, b and 3 more`. */
export function listParts(paths: readonly string[]): readonly Part[] {
  return cutParts(paths, (path) => [{ data: visibleText(path) }]);
}

/** What recovery brought back. The scan is told only where it differs from the gets. */
export function observationParts(observation: Observation): readonly Part[] {
  const gets =
    observation.gets.length === 0
      ? ['Read back no key']
      : [
          'Read back ',
          ...cutParts(observation.gets, ([key, value]) =>
            value === null ? [{ data: byteText(key) }, ' absent'] : [pairData(key, value)],
          ),
        ];
  const scan = scanAgrees(observation)
    ? []
    : ['; a scan differs: ', ...(observation.scan.length === 0 ? ['empty'] : scanParts(observation.scan))];
  const errors =
    observation.errors.length === 0
      ? []
      : [
          `; ${counted(observation.errors.length, 'read')} failed: `,
          ...cutParts(observation.errors, (error) => [{ data: visibleText(error, ERROR_SHOWN_MAX) }]),
        ];
  return [...gets, ...scan, ...errors, '.'];
}

function scanAgrees({ gets, scan }: Observation): boolean {
  const present = gets.filter(([, value]) => value !== null);
  return (
    present.length === scan.length &&
    present.every(([key, value], index) => scan[index]?.[0] === key && scan[index][1] === value)
  );
}

function scanParts(pairs: readonly Pair[]): readonly Part[] {
  return cutParts(pairs, ([key, value]) => [pairData(key, value)]);
}

function pairData(key: string, value: string): Part {
  return { data: `${byteText(key)} = ${byteText(value)}` };
}

function cutParts<Item>(items: readonly Item[], tell: (item: Item) => readonly Part[]): readonly Part[] {
  const shown = items
    .slice(0, LISTED_MAX)
    .flatMap((item, index) => (index === 0 ? tell(item) : [', ', ...tell(item)]));
  const left = items.length - LISTED_MAX;
  return left > 0 ? [...shown, ` and ${countText(left)} more`] : shown;
}
