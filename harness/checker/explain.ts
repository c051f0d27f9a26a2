/**
 * A violation in plain sentences, for the terminal: what was asked and answered, how each life ended, what was
 * found and what could have been there. Says nothing that the history does not say.
 */
import type { HistoryEvent } from '../history/event.js';
import { byteText, type Operation, operationText } from '../workload/operation.js';
import { type LifeRecord, type OperationRecord, livesOf } from './lives.js';
import type { Violation } from './verdict.js';
import { valueText } from './wording.js';

/** A few sentences in the order of time. A malformed history gives the violation's own message alone. */
export function explainViolation(violation: Violation, history: readonly HistoryEvent[]): string[] {
  const lives = readable(history);
  const sentences: string[] = [];
  let life = -1;
  for (const record of provingRecords(violation, lives)) {
    if (life >= 0 && record.name.life > life) sentences.push(...endings(history, life, record.name.life));
    life = record.name.life;
    sentences.push(fateText(record));
  }
  if (life >= 0) sentences.push(...endings(history, life, violation.life));
  return [...sentences, ...foundSentences(violation), violation.message];
}

function readable(history: readonly HistoryEvent[]): readonly LifeRecord[] {
  try {
    return livesOf(history);
  } catch {
    return [];
  }
}

function provingRecords({ operations }: Violation, lives: readonly LifeRecord[]): readonly OperationRecord[] {
  return lives
    .flatMap((life) => life.operations)
    .filter(({ name }) => operations.some(({ life, index }) => life === name.life && index === name.index));
}

function fateText({ name, operation, outcome, error, result }: OperationRecord): string {
  const what = `${operationText(operation)} (operation ${name.index})`;
  switch (outcome) {
    case 'ok':
      if (result !== undefined && 'value' in result) {
        return `${what} answered ${valueText(result.value)} in life ${name.life}.`;
      }
      return `${what} was ${isRead(operation) ? 'answered' : 'acknowledged'} in life ${name.life}.`;
    case 'fail':
      return `${what} failed in life ${name.life}${error === undefined ? '' : ` with ${error.code}`}: it must have no effect.`;
    case 'info':
      return error === undefined
        ? `${what} was in flight when life ${name.life} ended: it may have happened or not.`
        : `${what} was left open in life ${name.life} with ${error.code}: it may have happened or not.`;
  }
}

function isRead({ kind }: Operation): boolean {
  return kind === 'scan' || kind === 'get-many' || kind === 'snapshot' || kind === 'open-again';
}

/** How the lives from `first` to before `before` ended. */
function endings(history: readonly HistoryEvent[], first: number, before: number): string[] {
  return history.flatMap((event) => {
    if (event.life < first || event.life >= before) return [];
    if (event.kind === 'close') return [`Life ${event.life} was closed.`];
    if (event.kind !== 'crash') return [];
    const planned = event.planned === '' ? '' : ` (${event.planned}${event.fired ? '' : ', not reached'})`;
    switch (event.death.kind) {
      case 'killed':
        return [`Life ${event.life} was killed${planned}.`];
      case 'power':
        return [`The power failed in life ${event.life}, model ${event.death.model}${planned}.`];
      case 'signal':
        return [`Life ${event.life} was ended from outside by ${event.death.signal}${planned}.`];
      case 'exit':
        return [`The engine of life ${event.life} exited by itself with code ${event.death.code}${planned}.`];
    }
  });
}

function foundSentences({ key, legal, found }: Violation): string[] {
  if (key === undefined || legal === undefined || found === undefined) return [];
  const allowed = legal.length === 0 ? 'nothing that is known' : legal.map(valueText).join(' or ');
  return [`For ${byteText(key)} it could only be ${allowed}; found was ${valueText(found)}.`];
}
