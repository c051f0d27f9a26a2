/** Culprits for the terminal: which order of two steps is missing, and how many failures it explains. */
import type { CulpritRecord } from '../harness/run/record.js';
import { isStep, missingOrder } from './culprit-text.js';
import type { CulpritGroup, MissingOrder } from './culprit-text.js';
import { countText, counted } from './quantity.js';
import { wrapWords } from './text-table.js';
import type { Colours } from './text-table.js';
import { visibleText } from './visible-text.js';

const STEP_SHOWN_MAX = 200;
const GROUPS_SHOWN_MAX = 10;
const LOST_SHOWN_MAX = 6;

/** Lines that say how many failures each culprit explains; none if no culprit is known. */
export function culpritGroupLines(groups: readonly CulpritGroup[], colours: Colours): readonly string[] {
  if (groups.every(({ order }) => order === undefined)) return [];
  const left = groups.length - GROUPS_SHOWN_MAX;
  return [
    colours.bold('culprits'),
    ...groups.slice(0, GROUPS_SHOWN_MAX).flatMap(({ order, failures }) => {
      const text = order === undefined ? 'no culprit is known' : orderText(order);
      return wrapWords(`${counted(failures.length, 'failure')}: ${text}`);
    }),
    ...(left > 0 ? [`and ${counted(left, 'more culprit')}`] : []),
  ];
}

/** The culprit of one failure: the missing order, where both steps are in the source, and what has to be lost. */
export function culpritLines(culprit: CulpritRecord, colours: Colours): readonly string[] {
  const steps = culprit.lostSteps.slice(0, LOST_SHOWN_MAX).map(stepText);
  const left = culprit.lostSteps.length - steps.length;
  const all = [...steps, ...(left > 0 ? [`${countText(left)} more`] : [])].join(', ');
  return [
    ...wrapWords(`culprit: ${orderText(missingOrder(culprit))} (model ${visibleText(culprit.model)})`).map(
      colours.bold,
    ),
    ...wrapWords(`lost  ${stepText(culprit.lost)}${placeText(culprit.lostAt)}`),
    ...wrapWords(`kept  ${stepText(culprit.kept)}${placeText(culprit.keptAt)}`),
    ...(culprit.lostSteps.length > 1 ? wrapWords(`it takes the loss of all of ${all}`) : []),
  ];
}

function orderText({ first, then }: MissingOrder): string {
  return `${stepText(first)} must be durable before ${stepText(then)}`;
}

function stepText(text: string): string {
  const shown = visibleText(text, STEP_SHOWN_MAX);
  return isStep(text) ? `\`${shown}\`` : shown;
}

function placeText(place: string | null): string {
  return place === null ? '' : ` at ${visibleText(place, STEP_SHOWN_MAX)}`;
}
