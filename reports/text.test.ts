import { expect, test } from 'vitest';
import { GREEN_RECORD, RED_RECORD } from './sample-record.js';
import { renderSummary } from './text.js';

const RED_SUMMARY = renderSummary(RED_RECORD, { colour: false });

test('the summary begins with the verdict and what it means', () => {
  const [first, second] = renderSummary(GREEN_RECORD, { colour: false }).split('\n');
  expect(first).toBe('✓ held');
  expect(second).toMatch(/^Every promise held in 3,090 kills:/);
});

test('no line is wider than 100 characters except a command', () => {
  const wide = RED_SUMMARY.split('\n').filter((line) => line.length > 100 && !line.startsWith('replay'));
  expect(wide).toEqual([]);
});

test('the columns of the scenarios are aligned', () => {
  const lines = RED_SUMMARY.split('\n');
  const title = lines.findIndex((line) => line.startsWith('verdict'));
  const rows = lines.slice(title, title + 6);
  expect(new Set(rows.map((line) => line.length)).size).toBe(1);
  expect(rows[1]).toMatch(/^✗ violated {2}kill-at-manifest-rename {2}/);
});

test('crash points are told by phase, with the points never reached by name', () => {
  expect(RED_SUMMARY).toMatch(/^flush {2,}16 +16 +\d+ +0$/m);
  expect(RED_SUMMARY).toMatch(/never reached:\n(?: {2}.*\n)* {2}recovery\/bloom\.write\n/);
  expect(RED_SUMMARY).toMatch(/^ {2}after gc\/manifest\.unlink$/m);
});

test('crash points can be told step by step', () => {
  const summary = renderSummary(RED_RECORD, { colour: false, crashPoints: 'steps' });
  expect(summary).toMatch(/^flush\/sst\.write +before 14 +inside 17 +after 14$/m);
  expect(summary).toMatch(/^manifest\/rename +before 18 +inside – +after 20 ✗2$/m);
  expect(summary).toMatch(/^compaction\/mkdir +never reached$/m);
});

test('a failure gives its first violation, its history and its replay command', () => {
  expect(RED_SUMMARY).toContain('✗ failure 1: kill-at-manifest-rename\nlost: Life 1 found nothing under "b"');
  expect(RED_SUMMARY).toContain('◆ life 0  0.1 batch [put "b" = "0.1", delete "a"] (sync) was acknowledged.');
  expect(RED_SUMMARY).toContain(`replay  ${RED_RECORD.failures[0]?.command}`);
});

test('a long history takes 15 lines and says how much was left out', () => {
  const [failure] = RED_RECORD.failures;
  if (failure === undefined) throw new Error('The red record has a failure.');
  const history = Array.from({ length: 100 }, (_, life) => ({ kind: 'close' as const, life }));
  const summary = renderSummary({ ...RED_RECORD, failures: [{ ...failure, history }] }, { colour: false });
  const lines = summary.split('\n').filter((line) => /^[◆ ] (?:life \d|…)/.test(line));
  expect(lines).toHaveLength(15);
  expect(lines[7]).toBe('  … 86 more in the case file');
});

test('colour adds escapes and changes no text', () => {
  const coloured = renderSummary(RED_RECORD, { colour: true });
  expect(coloured).toContain('\u001b[31m');
  // eslint-disable-next-line no-control-regex
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(RED_SUMMARY);
});

test('the last line says where the reports are', () => {
  const summary = renderSummary(GREEN_RECORD, {
    colour: false,
    htmlPath: 'out/report.html',
    jsonPath: 'out/run.json',
  });
  expect(summary.trimEnd().split('\n').at(-1)).toBe('report  out/report.html  out/run.json');
});
