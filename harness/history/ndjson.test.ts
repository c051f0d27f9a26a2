import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HistoryEvent } from './event.js';
import { decodeHistory, encodeHistory } from './ndjson.js';

const count = fc.nat({ max: 2 ** 31 - 1 });
const bytes = fc.uint8Array({ maxLength: 8 }).map((array) => Buffer.from(array).toString('latin1'));
const pairs = fc.array(fc.tuple(bytes, bytes), { maxLength: 3 });
const error = fc.record({ code: fc.string(), message: fc.string({ unit: 'binary' }) });
const paths = fc.array(fc.string(), { maxLength: 3 });
const life = { life: count };
const operation = { ...life, index: count };
const kind = <Kind extends string>(name: Kind) => ({ kind: fc.constant(name) });

const events: fc.Arbitrary<HistoryEvent> = fc.oneof(
  fc.record({ ...kind('open'), ...life }),
  fc.record({ ...kind('open-failed'), ...life, error }),
  fc.record({
    ...kind('observe'),
    ...life,
    gets: fc.array(fc.tuple(bytes, fc.option(bytes)), { maxLength: 3 }),
    scan: pairs,
    errors: fc.array(fc.string(), { maxLength: 2 }),
    files: fc.record({ onDisk: paths, live: paths, pending: paths, obsolete: paths }),
  }),
  fc.record({
    ...kind('invoke'),
    ...operation,
    operation: fc.record({
      kind: fc.constant('put' as const),
      key: bytes.map((key) => `k${key}`),
      value: bytes,
    }),
  }),
  fc.record({
    ...kind('ok'),
    ...operation,
    result: fc.oneof(fc.record({ value: fc.option(bytes) }), fc.record({ pairs }), fc.constant({})),
  }),
  fc.record({ ...kind('fail'), ...operation, error }),
  fc.record({ ...kind('info'), ...operation, error }, { requiredKeys: ['kind', 'life', 'index'] }),
  fc.record({ ...kind('create'), ...life, path: fc.string() }),
  fc.record({
    ...kind('hang'),
    ...life,
    waiting: fc.array(count),
    while: fc.constantFrom('open' as const, 'operations' as const, 'close' as const),
  }),
  fc.record(
    {
      ...kind('crash'),
      ...life,
      left: paths,
      death: fc.oneof(
        fc.record({
          ...kind('killed'),
          by: fc.constantFrom('itself' as const, 'parent' as const, 'simulator' as const),
        }),
        fc.record({ ...kind('power'), model: fc.string({ minLength: 1, maxLength: 40 }) }),
        fc.record({ ...kind('signal'), signal: fc.string(), foreign: fc.constant(true as const) }),
        fc.record({ ...kind('exit'), code: fc.nat(), stderr: fc.string() }),
      ),
      planned: fc.string(),
      fired: fc.boolean(),
    },
    { requiredKeys: ['kind', 'life', 'death', 'planned', 'fired'] },
  ),
  fc.record({ ...kind('fault'), ...life, fault: fc.string() }),
  fc.record({ ...kind('close'), ...life }),
);

test('a history is read back as it was', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 20 }), (history) => {
      expect(decodeHistory(encodeHistory(history))).toEqual(history);
    }),
  );
});

test('a history is one line an event', () => {
  const text = encodeHistory([
    { kind: 'open', life: 0 },
    { kind: 'ok', life: 0, index: 0, result: { value: 'line\nbreak' } },
  ]);
  expect(text).toBe(
    '{"kind":"open","life":0}\n{"kind":"ok","life":0,"index":0,"result":{"value":"line\\nbreak"}}\n',
  );
  expect(encodeHistory([])).toBe('');
});

const problem = (code: string, line: number, words: string): unknown =>
  expect.objectContaining({
    name: 'HistoryError',
    code,
    line,
    message: expect.stringContaining(words) as string,
  });

test.each([
  ['{"kind":"open","life":0}\n{"kind":\n', 'not-json', 2, 'JSON object in line 2'],
  ['{"kind":"open","life":0}\n\n', 'not-json', 2, 'got ""'],
  ['{"kind":"open","life":0}\n{"kind":"clo', 'not-json', 2, 'it was cut off'],
  ['{"kind":"open","life":0}', 'not-json', 1, 'it was cut off'],
  ['5\n', 'bad-event', 1, 'at the top in line 1'],
  ['{"kind":"opened","life":0}\n', 'bad-event', 1, 'at kind in line 1 of the history, got "opened"'],
  ['{"kind":"open"}\n', 'bad-event', 1, 'at life'],
  ['{"kind":"open","life":-1}\n', 'bad-event', 1, 'a whole number from 0 to 2^31 - 1 at life'],
  ['{"kind":"open","life":0,"at":5}\n', 'bad-event', 1, 'Expected nothing at at'],
  ['{"kind":"ok","life":0,"index":0,"result":{"value":1}}\n', 'bad-event', 1, 'at result'],
  ['{"kind":"ok","life":0,"index":0,"result":[]}\n', 'bad-event', 1, 'at result'],
  [
    '{"kind":"invoke","life":0,"index":0,"operation":{"kind":"merge"}}\n',
    'bad-event',
    1,
    'at operation.kind',
  ],
])('%j is refused', (text, code, line, words) => {
  expect(() => decodeHistory(text)).toThrow(problem(code, line, words));
});
