import { expect, test } from 'vitest';
import { HistoryBuilder, SYNC, put } from './checker-test-history.js';
import { explainViolation } from './explain.js';
import { judge } from './judge.js';

test('tells what was acknowledged, how the life ended, and what was found', () => {
  const { events } = new HistoryBuilder().life().ok(put('a', '0.3')).crash().life();
  const [violation] = judge(events).violations;
  expect(violation && explainViolation(violation, events)).toEqual([
    'put "a" = "0.3" (operation 0) was acknowledged in life 0.',
    'Life 0 was killed (kill after manifest/rename #2).',
    'For "a" it could only be "0.3"; found was nothing.',
    'put "a" = "0.3" (operation 0 of life 0) was acknowledged, but the observation at the start of life 1 found nothing for "a".',
  ]);
});

test('says of a write in flight that it may have happened or not', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1')).crash().life().crash().life({ a: '1' });
  const [violation] = judge(history.events).violations;
  expect(violation && explainViolation(violation, history.events)[0]).toBe(
    'put "a" = "1" (operation 0) was in flight when life 0 ended: it may have happened or not.',
  );
});

test('says that the power failed, under which model, and which sync had made a lost write durable', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(SYNC).powerLoss().life();
  const [violation] = judge(history.events).violations;
  expect(violation && explainViolation(violation, history.events).slice(0, 3)).toEqual([
    'put "a" = "1" (operation 0) was acknowledged in life 0.',
    'sync (operation 1) was acknowledged in life 0.',
    'The power failed in life 0, model posix (power idle).',
  ]);
});
