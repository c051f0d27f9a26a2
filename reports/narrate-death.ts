/**
 * How a life ended, as a phrase: by a signal, by itself, or because the power failed. Of a power loss it is told what
 * was lost, from the text of its plan, and what was left on the disk.
 */
import type { HistoryEvent } from '../harness/history/event.js';
import { listParts } from './narrate-parts.js';
import type { Part } from './narrate-parts.js';
import { visibleText } from './visible-text.js';

type Crash = Extract<HistoryEvent, { kind: 'crash' }>;

const STDERR_SHOWN_MAX = 200;

/** How the process died and whether that was where the plan wanted it. */
export function deathParts(crash: Crash, opened: boolean): readonly Part[] {
  const when = opened ? '' : ' while it was still opening';
  const plan: Part = { data: visibleText(crash.planned) };
  const { death } = crash;
  switch (death.kind) {
    case 'power':
      return powerParts(crash, death.model, when);
    case 'killed':
      if (death.by === 'simulator') {
        return [`The process was killed${when}, played in memory: `, plan, '.'];
      }
      if (!crash.fired) {
        return [
          `SIGKILL${when}, sent when the process was idle, because the plan `,
          plan,
          ' was never reached.',
        ];
      }
      return [
        `SIGKILL${when}: `,
        plan,
        death.by === 'itself' ? ' (the process killed itself at that step).' : ' (sent by the parent).',
      ];
    case 'signal':
      return [
        `The process died of ${visibleText(death.signal)}${when}, which nobody here sent; the plan was `,
        plan,
        '.',
      ];
    case 'exit': {
      const stderr: readonly Part[] =
        death.stderr === ''
          ? ['.']
          : [' and wrote ', { data: visibleText(death.stderr.trim(), STDERR_SHOWN_MAX) }, '.'];
      return [`The process left by itself with exit code ${death.code}${when}`, ...stderr];
    }
  }
}

/**
 * The plan reads `power <model> <moment> lose <step> <step>`, or without the last part. One that reads otherwise is
 * shown as it is.
 */
function powerParts(crash: Crash, model: string, when: string): readonly Part[] {
  const failed = `The power failed${when} (model ${visibleText(model)})`;
  const left: readonly Part[] =
    crash.left === undefined
      ? []
      : crash.left.length === 0
        ? ['; no file was left']
        : ['; left were ', ...listParts(crash.left)];
  const plan = /^power \S+ (.+?)(?: lose (.+))?$/.exec(crash.planned);
  const [, moment, lost] = plan ?? [];
  if (moment === undefined) return [`${failed}: `, { data: visibleText(crash.planned) }, ...left, '.'];
  const where: readonly Part[] = crash.fired
    ? moment === 'idle'
      ? [' when it was idle']
      : [' ', { data: visibleText(moment) }]
    : [' at the end, as ', { data: visibleText(moment) }, ' was never reached'];
  const losses: readonly Part[] =
    lost === undefined ? ['; nothing was lost'] : ['; lost were ', ...listParts(lost.split(' '))];
  return [failed, ...where, ...losses, ...left, '.'];
}
