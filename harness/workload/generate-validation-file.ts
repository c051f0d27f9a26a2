/**
 * Makes validation files whose answers are right by construction. A model (a map) is kept while the blocks are
 * drawn. The lines of a block run in parallel, so within a block
 *
 * - no key is written twice: what the block leaves does not depend on the order;
 * - a GET of a key that the block writes accepts the answer before and the answer after;
 * - no SCAN covers a key that the block writes: all scans of a block are drawn first.
 *
 * Every PUT has a value of its own, so a wrong answer names the write it came from.
 */
import { stream, type Random } from '../random.js';

/** Text of exactly `lines` lines (BARRIERs counted, the comment on top not). The same seed gives the same text. */
export function generateValidationFile(seed: number, lines: number): string {
  const random = stream(seed, 'validation-file');
  const names = drawNames(random, KEYS + ABSENT_KEYS);
  const model: Model = {
    keys: names.slice(0, KEYS).sort(),
    absent: names.slice(KEYS),
    values: new Map(),
    puts: 0,
  };
  const made: string[] = [];
  while (made.length < lines) {
    const blockLines = Math.min(1 + random.below(BLOCK_LINES_MAX), lines - made.length);
    made.push(...drawBlock(random, model, blockLines));
    if (made.length < lines) made.push('BARRIER');
  }
  return `${[`# ${lines} lines made by generateValidationFile with seed ${seed}.`, ...made].join('\n')}\n`;
}

const KEYS = 300;
const ABSENT_KEYS = 30;
const BLOCK_LINES_MAX = 24;
const SCAN_KEYS_MAX = 12;

interface Model {
  /** Sorted; those that are ever written. */
  readonly keys: readonly string[];
  /** Never written. */
  readonly absent: readonly string[];
  readonly values: Map<string, string>;
  puts: number;
}

function drawNames(random: Random, count: number): string[] {
  const names = new Set<string>();
  while (names.size < count) {
    const letters = Array.from({ length: 3 + random.below(8) }, () =>
      random.pick([...'abcdefghijklmnopqrstuvwxyz']),
    );
    names.add(letters.join(''));
  }
  return [...names];
}

function drawBlock(random: Random, model: Model, lines: number): string[] {
  const scans = Array.from({ length: lines }).filter(() => random.chance(0.05));
  const scanned = new Set<string>();
  const drawn = scans.map(() => drawScan(random, model, scanned));
  const before = new Map<string, string | undefined>();
  for (let line = scans.length; line < lines; line += 1) {
    const key = random.pick(model.keys);
    const writes = random.chance(0.6) && !scanned.has(key) && !before.has(key);
    if (!writes) continue;
    before.set(key, model.values.get(key));
    drawn.push(drawWrite(random, model, key));
  }
  while (drawn.length < lines) drawn.push(drawGet(random, model, before));
  return shuffled(random, drawn);
}

/** A scan from one key to a later one; adds the keys in between to `scanned`. */
function drawScan(random: Random, model: Model, scanned: Set<string>): string {
  const first = random.below(model.keys.length - SCAN_KEYS_MAX);
  const covered = model.keys.slice(first, first + 1 + random.below(SCAN_KEYS_MAX));
  const end = model.keys[first + covered.length] ?? '';
  for (const key of covered) scanned.add(key);
  const found = covered.filter((key) => model.values.has(key));
  return ['SCAN', covered[0], end, ...found].join(' ');
}

function drawWrite(random: Random, model: Model, key: string): string {
  if (random.chance(model.values.has(key) ? 0.35 : 0.05)) {
    model.values.delete(key);
    return `DELETE ${key}`;
  }
  model.puts += 1;
  const value = `v${model.puts}`;
  model.values.set(key, value);
  return `PUT ${key} ${value}`;
}

/** A get of a key that this block writes, of one that is never written, or of any other. */
function drawGet(random: Random, model: Model, before: ReadonlyMap<string, string | undefined>): string {
  if (random.chance(0.1)) return `GET ${random.pick(model.absent)} NOT_FOUND`;
  const racing = before.size > 0 && random.chance(0.2);
  const key = racing ? random.pick([...before.keys()]) : random.pick(model.keys);
  const after = model.values.get(key);
  const answers = before.has(key) ? [before.get(key), after] : [after];
  return `GET ${key} ${[...new Set(answers.map((answer) => answer ?? 'NOT_FOUND'))].join(' | ')}`;
}

/** Fisher and Yates. */
function shuffled(random: Random, lines: readonly string[]): string[] {
  const mixed = [...lines];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [mixed[last], mixed[other]] = [mixed[other] ?? '', mixed[last] ?? ''];
  }
  return mixed;
}
