import { shortages } from '../checker/opens.js';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Answer,
  parseValidationFile,
  type StepLabel,
  type ValidationLine,
  wrongAnswer,
  wrongAnswerText,
} from '../../engine/index.js';
import type { Violation } from '../checker/verdict.js';
import { canCut, formatEnding } from '../faults/ending.js';
import type { HistoryEvent } from '../history/event.js';
import { type Random, stream } from '../random.js';
import { PACKAGE_ROOT } from '../targets/target.js';
import type { CrashCase, Life } from '../workload/case.js';
import type { Operation, Result } from '../workload/operation.js';
import type { CasePlace } from './run-case.js';
import type { LifeOutcome } from './life-notes.js';
import { runLife } from './run-life.js';
import type { ValidationScenario } from './scenario.js';

/**
 * Plays a validation file while the engine is killed again and again at random steps. The client does what a client
 * does: a line that was not answered is sent again after recovery, a block is over when all its lines are answered,
 * and every answer must be one that the file accepts. Kills are drawn from the seed and exact, so the same seed
 * gives the same run.
 *
 * What each life was asked is kept as a case, so a failure can be replayed and judged like any other.
 */
export async function runValidation(
  scenario: ValidationScenario,
  target: string,
  seed: number,
  place: CasePlace,
  stopped: () => boolean,
  onLife: (end: string, outcome: LifeOutcome) => void,
): Promise<ValidationOutcome> {
  const path = join(PACKAGE_ROOT, scenario.file);
  const file = parseValidationFile(readFileSync(path, 'utf8'), scenario.file);
  const random = stream(seed, scenario.name, 'kills');
  const directory = join(place.root, `case-${place.next()}`);
  const unanswered = file.blocks.map((block) => [...block]);
  const played: { life: Life; outcome: LifeOutcome }[] = [];
  const violations: Violation[] = [];
  let crashCase: CrashCase = {
    format: 1,
    scenario: scenario.name,
    target,
    options: scenario.options,
    seed: random.uint32(),
    lives: [],
  };
  mkdirSync(directory);
  try {
    while (unanswered.length > 0 && violations.length === 0 && !stopped()) {
      const killsLeft = scenario.kills - played.length;
      const lines = nextLines(unanswered, killsLeft);
      const life = toLife(
        lines,
        file.hasBarriers,
        killsLeft > 0 ? drawKill(random, scenario.labels) : 'close',
      );
      crashCase = { ...crashCase, lives: [...crashCase.lives, life] };
      const process = place.pool.take();
      const number = played.length;
      const outcome = await runLife(process, directory, crashCase, number, life, [], place.lifeLimitMs);
      if (outcome.death === undefined) place.pool.giveBack(process);
      played.push({ life, outcome });
      onLife(life.end, outcome);
      // A death that nobody here caused says nothing about the engine, nor does a machine that had too little.
      if (outcome.timedOut || outcome.death?.kind === 'signal') break;
      if (shortages(outcome.events).length > 0) break;
      violations.push(...judgeAnswers(outcome.events, lines.flat(), number));
      strike(unanswered, lines.flat(), outcome.events);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const history = played.flatMap(({ outcome }) => outcome.events);
  const finished = unanswered.length === 0 || violations.length > 0;
  return { crashCase, history, violations, finished };
}

export interface ValidationOutcome {
  /** The lives as they were played. */
  readonly crashCase: CrashCase;
  readonly history: readonly HistoryEvent[];
  readonly violations: readonly Violation[];
  /** False if it was stopped or timed out: then nothing is known about the lines that are left. */
  readonly finished: boolean;
}

type Lines = readonly (readonly ValidationLine[])[];

/** What the next life is asked: enough blocks that the kills are spread over the whole file. */
function nextLines(unanswered: Lines, killsLeft: number): Lines {
  const left = unanswered.reduce((sum, block) => sum + block.length, 0);
  const share = killsLeft <= 0 ? left : Math.ceil((2 * left) / (killsLeft + 1));
  let count = 0;
  const blocks: (readonly ValidationLine[])[] = [];
  for (const block of unanswered) {
    blocks.push(block);
    count += block.length;
    if (count >= share) break;
  }
  return blocks;
}

function toLife(blocks: Lines, parallel: boolean, end: string): Life {
  const operations = blocks.flatMap((block) =>
    block.map((line, index) => ({
      operation: toOperation(line),
      overlap: parallel && index > 0,
      turns: [0],
    })),
  );
  return { operations, end };
}

function toOperation(line: ValidationLine): Operation {
  switch (line.kind) {
    case 'put':
      return { kind: 'put', key: line.key, value: line.value };
    case 'delete':
      return { kind: 'delete', key: line.key };
    case 'get':
      return { kind: 'get', key: line.key };
    case 'scan':
      return { kind: 'scan', gte: line.from, lt: line.to };
  }
}

function drawKill(random: Random, labels: readonly StepLabel[]): string {
  const label = random.pick(labels);
  const occurrence = 1 + random.below(label === 'wal/append' ? 80 : 4);
  if (canCut(label) && random.chance(0.4)) {
    return formatEnding({
      kind: 'kill-at-step',
      moment: 'inside',
      label,
      occurrence,
      bytes: random.below(60),
    });
  }
  return formatEnding({ kind: 'kill-at-step', moment: random.pick(['before', 'after']), label, occurrence });
}

/** Removes the lines that were answered, and the blocks that have none left. */
function strike(
  unanswered: ValidationLine[][],
  asked: readonly ValidationLine[],
  events: readonly HistoryEvent[],
): void {
  const answered = new Set(events.flatMap((event) => (event.kind === 'ok' ? [asked[event.index]] : [])));
  for (const [index, block] of unanswered.entries())
    unanswered[index] = block.filter((line) => !answered.has(line));
  while (unanswered[0]?.length === 0) unanswered.shift();
}

function judgeAnswers(
  events: readonly HistoryEvent[],
  asked: readonly ValidationLine[],
  life: number,
): readonly Violation[] {
  return events.flatMap((event): readonly Violation[] => {
    if (event.kind === 'open-failed') {
      return [
        {
          kind: 'does-not-open',
          life,
          message: `Life ${life} did not open: ${event.error.message}`,
          operations: [],
        },
      ];
    }
    if (event.kind === 'hang') {
      return [{ kind: 'hangs', life, message: `Life ${life} hung during ${event.while}.`, operations: [] }];
    }
    if (event.kind === 'crash' && event.death.kind === 'exit') {
      return [
        {
          kind: 'dies',
          life,
          message: `The engine exited with code ${event.death.code} in life ${life}.`,
          operations: [],
        },
      ];
    }
    if (event.kind === 'fail' || (event.kind === 'info' && event.error !== undefined)) {
      const message = `Operation ${event.index} of life ${life} failed: ${event.error?.message ?? ''}`;
      return [{ kind: 'refuses-work', life, message, operations: [{ life, index: event.index }] }];
    }
    const line = event.kind === 'ok' ? asked[event.index] : undefined;
    if (line === undefined || event.kind !== 'ok') return [];
    const wrong = wrongAnswer(line, answerOf(event.result));
    if (wrong === undefined) return [];
    const message = wrongAnswerText(wrong);
    return [{ kind: 'wrong-answer', life, message, operations: [{ life, index: event.index }] }];
  });
}

function answerOf(result: Result): Answer {
  if ('value' in result) return { kind: 'value', value: result.value };
  if ('pairs' in result) return { kind: 'keys', keys: result.pairs.map(([key]) => key) };
  return { kind: 'done' };
}
