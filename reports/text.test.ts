import { expect, test } from 'vitest';
import { POWER_RECORD, SAMPLE_GALLERY } from './sample-power.js';
import { GREEN_RECORD, RED_RECORD } from './sample-record.js';
import { renderSummary } from './text.js';

const POWER_SUMMARY = renderSummary({ ...POWER_RECORD, gallery: SAMPLE_GALLERY }, { colour: false });
const RED_SUMMARY = renderSummary(RED_RECORD, { colour: false });

test('the summary begins with the verdict and what it means', () => {
  const [first, second] = renderSummary(GREEN_RECORD, { colour: false }).split('\n');
  expect(first).toBe('✓ held');
  expect(second).toMatch(/^Every promise held in 3,090 kills:/);
});

test('no line is wider than 100 characters except a command', () => {
  const wide = `${RED_SUMMARY}${POWER_SUMMARY}`
    .split('\n')
    .filter((line) => line.length > 100 && !/^(?:replay|npx)/.test(line));
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

test.each([RED_RECORD, POWER_RECORD])('colour adds escapes and changes no text', (record) => {
  const coloured = renderSummary(record, { colour: true });
  expect(coloured).toContain('\u001b[31m');
  // eslint-disable-next-line no-control-regex
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderSummary(record, { colour: false }));
});

test('power losses are a matrix of scenarios by models, with verdict and distinct states', () => {
  expect(POWER_SUMMARY).toMatch(/^power loss +kill +posix +ext4$/m);
  expect(POWER_SUMMARY).toMatch(/^power-in-flush +✓ 320 +✗ VIOLATED 2,155 +✗ VIOLATED 2,310$/m);
  expect(POWER_SUMMARY).toMatch(/^power-in-recovery +✓ 2,465 +✓ 2,620 +\? unknown 2,775$/m);
  expect(POWER_SUMMARY).toMatch(/^with failed syncs +posix +ext4$/m);
});

test('a run that was interrupted before it doubted anything says so', () => {
  const scenarios = POWER_RECORD.scenarios.map((scenario) => ({ ...scenario, doubts: [] }));
  const record = { ...POWER_RECORD, scenarios, failures: [], verdict: 'unknown', interrupted: true } as const;
  expect(renderSummary(record, { colour: false })).toContain(
    'hold: it was interrupted, no violation proved.',
  );
});

test('a scenario that tried nothing with failed syncs has no row there', () => {
  const scenarios = POWER_RECORD.scenarios.map((scenario) => {
    if (scenario.name !== 'power-in-flush' || scenario.power === undefined) return scenario;
    const models = scenario.power.models.filter(({ model }) => !model.includes('+'));
    return { ...scenario, power: { ...scenario.power, models } };
  });
  const summary = renderSummary({ ...POWER_RECORD, scenarios }, { colour: false });
  expect(summary).toMatch(/^power-in-flush +✓ 320/m);
  expect(summary).not.toMatch(/^power-in-flush *$/m);
});

test('the six models of a run in which all held fit into one matrix', () => {
  const scenarios = POWER_RECORD.scenarios.map((scenario) =>
    scenario.power === undefined
      ? scenario
      : {
          ...scenario,
          power: {
            ...scenario.power,
            models: scenario.power.models.map((row) => ({ ...row, verdict: 'held' as const })),
          },
        },
  );
  const summary = renderSummary({ ...POWER_RECORD, scenarios }, { colour: false });
  expect(summary).toMatch(/^power loss +kill +posix +ext4 +ext4-writeback +xfs +btrfs$/m);
});

test('the totals of power losses say what was skipped and what was not tried', () => {
  expect(POWER_SUMMARY.replaceAll('\n', ' ')).toContain(
    '34,440 distinct disk states under 6 models, 123 violations; 77,520 equal ones skipped; ' +
      'about 1.6e13 allowed states not tried. Every state was tried at 4,572 of 7,680 points, a sample at the others; ' +
      '39,060 recoveries, 4,620 of them after a crash of a recovery (to depth 3); 288 failed syncs struck.',
  );
});

test('a run of power losses alone claims no kills and no crash points', () => {
  const scenarios = POWER_RECORD.scenarios.slice(2);
  const summary = renderSummary({ ...POWER_RECORD, scenarios }, { colour: false });
  expect(summary).not.toMatch(/\d kills|never reached|^crash points/m);
});

test('a culprit is named with both places, and a second failure of the same is only counted', () => {
  expect(POWER_SUMMARY).toContain('2 failures: `flush/sst.fsync` must be durable before `manifest/rename`\n');
  expect(POWER_SUMMARY).toContain(
    [
      'culprit: `flush/sst.fsync` must be durable before `manifest/rename#2` (model ext4)',
      'lost  `flush/sst.write#2` at engine/table/builder.ts:61',
      'kept  `manifest/rename#2` at engine/manifest/publish.ts:48',
    ].join('\n'),
  );
  expect(POWER_SUMMARY.match(/^✗ failure \d/gm)).toHaveLength(3);
  expect(POWER_SUMMARY).toContain('\nand 1 more failure, all in the report\n');
});

test('an acknowledgement that came too early is no step', () => {
  expect(POWER_SUMMARY).toContain(
    'culprit: `wal/append#3` must be durable before the acknowledgement of put "a" = "0.0" (sync)',
  );
  expect(POWER_SUMMARY).toContain('kept  the acknowledgement of put "a" = "0.0" (sync)\n');
});

test('the gallery tells right culprits from wrong ones, and what was expected', () => {
  expect(POWER_SUMMARY).toMatch(/^✓ caught +flush-table-not-synced +does-not-open +✓ right /m);
  expect(POWER_SUMMARY).toMatch(/^✓ caught +publish-directory-not-synced +does-not-open +✗ wrong /m);
  expect(POWER_SUMMARY).toMatch(/^✓ caught +wal-dropped-early +lost +– /m);
  expect(POWER_SUMMARY).toContain(
    'wrong culprit of publish-directory-not-synced: expected manifest/dir.fsync',
  );
});

test('the last line says where the reports are', () => {
  const summary = renderSummary(GREEN_RECORD, {
    colour: false,
    htmlPath: 'out/report.html',
    jsonPath: 'out/run.json',
  });
  expect(summary.trimEnd().split('\n').at(-1)).toBe('report  out/report.html  out/run.json');
});
