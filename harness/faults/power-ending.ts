/**
 * A power loss as a value that prints itself and parses back:
 *
 *     power posix after manifest/rename #2
 *     power ext4 before wal/append #17 lose flush/sst.create#1 0:wal/append#3=head@512+zeros
 *     power xfs idle
 *
 * The power fails at a moment of a life: right before or right after a step (a sync is a step when it is answered), or
 * when nothing is left to do. What the engine says between two steps is said before the second and not after the first.
 * The disk is left as the model allows: everything that was not forced is kept but for what is listed. A name alone was lost; `=zeros`, `=garbage`, `=stale`
 * is a write of which only the size arrived; `=zeros` of a truncation, that it zeroed the page it cut and left the size;
 * `=linked` a rename that left the old name besides the new one; `=head@512` is one of which only the first 512 bytes did, `=tail@512` one
 * of which all others did, with `+zeros` and so on for the rest. `0:` names a step of an earlier life, whose process was
 * killed while the machine went on. What cannot be there without something that is lost is lost as well.
 */
import { STEP_LABELS, type StepLabel } from '../../engine/vfs/step.js';
import {
  type Fill,
  LINKED,
  LOST,
  MODEL_NAMES,
  type ModelName,
  type Outcome,
  type Remnant,
} from '../disk/model.js';
import { FaultError } from './fault-error.js';
import { nearest } from './nearest.js';

export interface PowerEnding {
  readonly kind: 'power';
  readonly model: ModelName;
  readonly at: PowerMoment;
  readonly lost: readonly LostStep[];
}

export type PowerMoment =
  | {
      readonly kind: 'before' | 'after';
      readonly label: StepLabel;
      /** Which step of this label in the life, counted from 1. */
      readonly occurrence: number;
    }
  | { readonly kind: 'idle' };

export interface LostStep {
  /** `wal/append#3`, with `<life>:` in front if it is of an earlier life. */
  readonly name: string;
  readonly outcome: Exclude<Outcome, { readonly kind: 'kept' }>;
}

/** The text of a power loss; `parsePowerEnding` reads it back. */
export function formatPowerEnding({ model, at, lost }: PowerEnding): string {
  const moment = at.kind === 'idle' ? 'idle' : `${at.kind} ${at.label} #${at.occurrence}`;
  const point = `power ${model} ${moment}`;
  return lost.length === 0 ? point : `${point} lose ${lost.map(formatLost).join(' ')}`;
}

/** Reads a text that begins with `power`. Throws FaultError as `parseEnding` does. */
export function parsePowerEnding(text: string): PowerEnding {
  const match = /^power (\S+) (?:idle|(before|after) (\S+) #(\d{1,9}))(?: lose (\S+(?: \S+)*))?$/.exec(text);
  if (match === null) {
    throw new FaultError(
      'unknown-fault',
      `Expected "power <model> before|after <step> #<n>" or "power <model> idle", and maybe "lose <step>#<n> ...", got ${quote(text)}.`,
    );
  }
  const [, modelName = '', moment, labelName = '', digits = '', items] = match;
  const model = MODEL_NAMES.find((name) => name === modelName);
  if (model === undefined) {
    throw new FaultError(
      'unknown-fault',
      `Expected a persistence model (${MODEL_NAMES.join(', ')}), got ${quote(modelName)} in ${quote(text)}.`,
    );
  }
  const at = moment === undefined ? IDLE : parseMoment(moment, labelName, digits, text);
  const lost = items === undefined ? [] : items.split(' ').map((item) => parseLost(item, text));
  if (lost.length > LOST_MAX) throw badNumber(`at most ${LOST_MAX} lost steps`, text);
  return { kind: 'power', model, at, lost };
}

const IDLE: PowerMoment = { kind: 'idle' };

function parseMoment(moment: string, labelName: string, digits: string, text: string): PowerMoment {
  const label = labelOf(labelName, text);
  const occurrence = Number(digits);
  if (occurrence < 1) throw badNumber('the number after # to be at least 1', text);
  return { kind: moment === 'before' ? 'before' : 'after', label, occurrence };
}

const LOST_MAX = 10_000;

function formatLost({ name, outcome }: LostStep): string {
  switch (outcome.kind) {
    case 'lost':
      return name;
    case 'linked':
      return `${name}=linked`;
    case 'remnant':
      return `${name}=${formatRemnant(outcome)}`;
  }
}

function formatRemnant({ part, at, fill }: Remnant): string {
  if (part === 'none') return fill;
  return fill === 'nothing' ? `${part}@${at}` : `${part}@${at}+${fill}`;
}

function parseLost(item: string, text: string): LostStep {
  const [, name = '', labelName = '', remnant] =
    /^((?:\d{1,6}:)?([^\s#=:]+)#[1-9]\d{0,8})(?:=(\S+))?$/.exec(item) ?? [];
  if (name === '') {
    throw new FaultError(
      'unknown-fault',
      `Expected lost steps such as wal/append#3 or wal/append#3=head@512, got ${quote(item)} in ${quote(text)}.`,
    );
  }
  labelOf(labelName, text);
  if (remnant === 'linked') return { name, outcome: LINKED };
  return { name, outcome: remnant === undefined ? LOST : parseRemnant(remnant, text) };
}

const FILLS: readonly Fill[] = ['zeros', 'garbage', 'stale'];

function parseRemnant(remnant: string, text: string): Remnant {
  const [word = '', fillText] = remnant.split('+', 2);
  const alone = FILLS.find((fill) => fill === remnant);
  if (alone !== undefined) return { kind: 'remnant', part: 'none', at: 0, fill: alone };
  const [, part, digits] = /^(head|tail)@([1-9]\d{0,9})$/.exec(word) ?? [];
  const fill = fillText === undefined ? 'nothing' : FILLS.find((known) => known === fillText);
  if (part === undefined || fill === undefined || remnant.split('+').length > 2) {
    throw new FaultError(
      'unknown-fault',
      `Expected linked, zeros, garbage, stale, head@<bytes> or tail@<bytes> with or without +<fill>, got ${quote(remnant)} in ${quote(text)}.`,
    );
  }
  return { kind: 'remnant', part: part === 'head' ? 'head' : 'tail', at: Number(digits), fill };
}

function labelOf(name: string, text: string): StepLabel {
  const label = STEP_LABELS.find((candidate) => candidate === name);
  if (label !== undefined) return label;
  throw new FaultError(
    'unknown-step',
    `Expected a step, got ${quote(name)} in ${quote(text)}; did you mean ${nearest(name, STEP_LABELS)}?`,
  );
}

function badNumber(expected: string, text: string): FaultError {
  return new FaultError('bad-number', `Expected ${expected}, got ${quote(text)}.`);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
