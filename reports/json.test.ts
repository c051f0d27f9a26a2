import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRecord, renderJson } from './json.js';
import { ReportError } from './report-error.js';
import { POWER_RECORD, SAMPLE_GALLERY } from './sample-power.js';
import { GREEN_RECORD, RED_RECORD } from './sample-record.js';

function refusal(text: string): string {
  try {
    parseRecord(text);
  } catch (error) {
    if (error instanceof ReportError) return error.message;
    throw error;
  }
  return 'accepted';
}

test.each([GREEN_RECORD, RED_RECORD, { ...POWER_RECORD, gallery: SAMPLE_GALLERY }])(
  'a record read back is the record that was written',
  (record) => {
    expect(parseRecord(renderJson(record))).toEqual(record);
  },
);

test('a record written, read and written again is the same text', () => {
  const text = renderJson(RED_RECORD);
  expect(renderJson(parseRecord(text))).toBe(text);
});

test('a record that is cut off anywhere is refused as no JSON', () => {
  const text = renderJson(RED_RECORD).trimEnd();
  fc.assert(
    fc.property(fc.nat(text.length - 1), (length) => {
      expect(refusal(text.slice(0, length))).toMatch(/^Expected a run record as JSON, got /);
    }),
    { numRuns: 50 },
  );
});

test('JSON of another program is called foreign', () => {
  expect(refusal('{"name":"x"}')).toBe(
    'Expected the format "ninelives/run-record", got nothing; check that the path names a run record.',
  );
  expect(refusal('null')).toMatch(/^Expected the format/);
});

test('a record of another version is refused by its version', () => {
  expect(refusal(renderJson(GREEN_RECORD).replace('"version": 1', '"version": 2'))).toMatch(
    /^Expected version 1 of the run record, got 2; /,
  );
});

test('a wrong field is named with what was expected and what came', () => {
  expect(refusal(renderJson(GREEN_RECORD).replace('"seed": 2718281828', '"seed": "many"'))).toMatch(
    /^Expected seed to be number, got "many"; the record is damaged: /,
  );
  expect(refusal(renderJson(GREEN_RECORD).replace('"cases": 212', '"cases": -1'))).toMatch(
    /^Expected scenarios\.0\.cases to be >=0, got -1; /,
  );
});

test('a number that JSON makes infinite is refused', () => {
  expect(refusal(renderJson(GREEN_RECORD).replace('"durationMs": 47812', '"durationMs": 1e999'))).toMatch(
    /^Expected durationMs /,
  );
});

test.each([
  ['"digest": "3b1f00d9a4c77e12"', '"digest": "3B1F"', 'digest'],
  ['"reachable": 640', '"reachable": 0.5', 'models.0.reachable'],
  ['"reachable": 640', '"reachable": 1e999', 'models.0.reachable'],
  ['"tried": 640', '"tried": 1e300', 'models.0.tried'],
  ['"model": "kill"', '"model": ""', 'models.0.model'],
])('of power loss %s may not be %s', (right, wrong, path) => {
  expect(refusal(renderJson(POWER_RECORD).replace(right, wrong))).toMatch(
    new RegExp(`^Expected scenarios\\.2\\.power\\.${path} to be `),
  );
});

test('a culprit without a known place has null there, not nothing', () => {
  expect(refusal(renderJson(POWER_RECORD).replace('"lostAt": "engine/table/builder.ts:61",', ''))).toMatch(
    /^Expected the field failures\.0\.culprit\.lostAt, got nothing; /,
  );
});

test('a field that nobody knows is refused, not dropped', () => {
  expect(refusal(renderJson(GREEN_RECORD).replace('"version": 1', '"version": 1, "extra": true'))).toMatch(
    /^Expected only known fields, got extra; /,
  );
});

test('a missing field is refused by its name', () => {
  expect(refusal(renderJson(GREEN_RECORD).replace('"interrupted": false,', ''))).toMatch(
    /^Expected the field interrupted, got nothing; /,
  );
});

test('an event of an unknown kind is refused', () => {
  expect(refusal(renderJson(RED_RECORD).replace('"kind": "invoke"', '"kind": "guess"'))).toMatch(
    /^Expected failures\.0\.history\.3\.kind to be .*, got "guess"; /,
  );
});

test('any JSON value is either read or refused with a ReportError of one line', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(refusal(text)).toMatch(/^Expected .*\.$/);
    }),
  );
});
