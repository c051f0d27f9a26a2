import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { renderHtml } from './html.js';
import { POWER_RECORD, SAMPLE_GALLERY } from './sample-power.js';
import { GREEN_RECORD, RED_RECORD } from './sample-record.js';

const GREEN_PAGE = renderHtml(GREEN_RECORD);
const RED_PAGE = renderHtml(RED_RECORD);

function positionsOf(page: string, texts: readonly string[]): readonly number[] {
  return texts.map((text) => page.indexOf(text));
}

test('the sections of a red page come in the order of the questions a reader has', () => {
  const ids = ['verdict', 'failures', 'crash-points', 'scenarios', 'environment', 'limits'];
  const positions = positionsOf(
    RED_PAGE,
    ids.map((id) => `id="${id}"`),
  );
  expect(positions).not.toContain(-1);
  expect(positions).toEqual([...positions].sort((left, right) => left - right));
});

test('a green page has no failures and no gallery', () => {
  expect(GREEN_PAGE).not.toContain('id="failures"');
  expect(GREEN_PAGE).not.toContain('id="gallery"');
});

test('the content security policy allows exactly the style that is on the page', () => {
  const style = /<style>([\s\S]*?)<\/style>/.exec(GREEN_PAGE)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  expect(style.length).toBeGreaterThan(100);
  expect(GREEN_PAGE).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
  expect(GREEN_PAGE.match(/<style/g)).toHaveLength(1);
});

test('no element carries a style of its own, which the policy would refuse', () => {
  expect(RED_PAGE).not.toMatch(/<[^>]*\sstyle=/);
});

test('a verdict is told by shape and word', () => {
  expect(GREEN_PAGE).toMatch(/✓<\/span> held<\/h1>/);
  expect(RED_PAGE).toMatch(/✗<\/span> violated<\/h1>/);
  expect(RED_PAGE).toMatch(/\?<\/span> unknown/);
});

test('kills are counted by sort', () => {
  expect(GREEN_PAGE).toContain('1,966 exact · 1,060 timed · 64 idle');
});

test('the replay command stands whole at the top and at its failure', () => {
  const command = RED_RECORD.failures[0]?.command ?? 'missing';
  expect(RED_PAGE.split(command)).toHaveLength(3);
});

test('the legal values and the found value of the key are shown', () => {
  expect(RED_PAGE).toContain('<dt>legal</dt><dd><code><bdi>&quot;0.1&quot;</bdi></code></dd>');
  expect(RED_PAGE).toContain('<dt>found ✗</dt><dd><em>nothing</em></dd>');
});

test('files that vanished, appeared or changed are marked by a word', () => {
  expect(RED_PAGE).toMatch(/class="vanished"[^]*?MANIFEST-000001[^]*?− vanished/);
  expect(RED_PAGE).toMatch(/class="appeared"[^]*?MANIFEST-000006[^]*?\+ appeared/);
  expect(RED_PAGE).toMatch(/class="resized"[^]*?l0\/000004\.sst[^]*?± resized/);
});

test('a step that was never reached is grey and says so', () => {
  const row = /<tr class="unreached">(?:(?!<\/tr>)[^])*bloom\.create[^]*?<\/tr>/.exec(GREEN_PAGE)?.[0] ?? '';
  expect(row).toContain('<td class="heat never" colspan="3">never reached</td>');
});

test('a step that ran without a kill at one moment shows a grey nought there', () => {
  const row = /manifest\.unlink[^]*?<\/tr>/.exec(GREEN_PAGE)?.[0] ?? '';
  expect(row).toContain('<td class="heat none">0</td>');
});

test('a moment that does not exist shows a dash', () => {
  const row = /<bdi>rename<\/bdi>[^]*?<\/tr>/.exec(GREEN_PAGE)?.[0] ?? '';
  expect(row).toContain('<td class="heat">–</td>');
});

test('the kills that ended in a failure are counted in their cell', () => {
  expect(RED_PAGE).toMatch(/<td class="heat failed">20 ✗2<\/td>/);
});

test('a long history is cut, and the page says where all of it is', () => {
  const [failure] = RED_RECORD.failures;
  if (failure === undefined) throw new Error('The red record has a failure.');
  const history = Array.from({ length: 500 }, (_, index) => ({
    kind: 'invoke' as const,
    life: 0,
    index,
    operation: { kind: 'get' as const, key: `k${index}` },
  }));
  const page = renderHtml({ ...RED_RECORD, failures: [{ ...failure, history }] });
  expect(page).toContain('Showing the first 60, the last 60 and the proof of 500 events; all of them are in');
  expect(page).toContain('k59&quot;');
  expect(page).not.toContain('k60&quot;');
  expect(page).toContain('k499&quot;');
});

test('the gallery says which planted bugs were missed', () => {
  const row = {
    id: 'no-directory-fsync',
    what: 'The directory is not synced after the rename',
    resembles: 'LevelDB issue 189',
    expected: ['lost'],
    by: [],
    findMs: 0,
    cases: 40,
    operations: 900,
  };
  const gallery = [
    { ...row, caught: false },
    { ...row, id: 'wal-dropped-early', caught: true, by: ['lost'] },
  ];
  const page = renderHtml({ ...GREEN_RECORD, gallery });
  expect(page).toContain('Planted bugs: 1 of 2 caught');
  expect(page).toContain('✗ missed');
});

test('the page of a green run is smaller than 300 KB', () => {
  expect(Buffer.byteLength(GREEN_PAGE)).toBeLessThan(300_000);
});

const POWER_PAGE = renderHtml({ ...POWER_RECORD, gallery: SAMPLE_GALLERY });

test('a page without power losses has no matrix', () => {
  expect(GREEN_PAGE).not.toContain('id="power"');
});

test('a cell of the matrix tells its verdict by shape and word, with the number of distinct states', () => {
  const row = /<tr><th scope="row"><code><bdi>power-in-flush<\/bdi>[^]*?<\/tr>/.exec(POWER_PAGE)?.[0] ?? '';
  expect(row).toContain(
    '<td class="state held"><span aria-hidden="true">✓</span> held<small>320</small></td>',
  );
  expect(row).toContain(
    '<td class="state violated"><span aria-hidden="true">✗</span> <strong>violated</strong><small>2,155</small></td>',
  );
  expect(row.match(/<td/g)).toHaveLength(6);
});

test('models with a failed sync have a matrix of their own', () => {
  expect(POWER_PAGE).toMatch(
    /<caption><bdi>with failed syncs<\/bdi><\/caption><thead><tr><th scope="col">scenario<\/th><th scope="col"><bdi>posix<\/bdi><\/th><th scope="col"><bdi>ext4<\/bdi><\/th><\/tr>/,
  );
});

test('a model under which nothing was tried does not look as if it had held', () => {
  const page = renderHtml({
    ...POWER_RECORD,
    scenarios: POWER_RECORD.scenarios.map((scenario) =>
      scenario.power === undefined
        ? scenario
        : {
            ...scenario,
            power: {
              ...scenario.power,
              models: scenario.power.models.map((row) => ({ ...row, verdict: 'held' as const, tried: 0 })),
            },
          },
    ),
  });
  expect(page).toContain('<td class="state untried"><span aria-hidden="true">–</span> none tried</td>');
  expect(page).not.toContain('class="state held"');
});

test('what is allowed, tried, equal, distinct and not tried is counted by model', () => {
  const row = /<tr><th scope="row"><bdi>posix<\/bdi><\/th>[^]*?<\/tr>/.exec(POWER_PAGE)?.[0] ?? '';
  const cells = [...row.matchAll(/<td class="number">([^<]*)/g)].map(([, cell]) => cell);
  expect(cells).toEqual(['320', '193', '2.6e12', '4,310', '2,155', '2,155', '2.6e12', '41']);
});

test('a failure names its culprit with both places in the source', () => {
  const box = /<div class="culprit">[^]*?<\/div><h4>/.exec(POWER_PAGE)?.[0] ?? '';
  expect(box.replace(/<[^>]*>/g, '')).toContain('flush/sst.fsync must be durable before manifest/rename#2');
  expect(box).toContain('engine/table/builder.ts:61');
  expect(box).toContain('engine/manifest/publish.ts:48');
});

test('failures are counted by culprit, whichever occurrence of the step it was', () => {
  const list = /<ul class="culprits">[^]*?<\/ul>/.exec(POWER_PAGE)?.[0].replace(/<[^>]*>/g, '') ?? '';
  expect(list).toContain('2 failures: flush/sst.fsync must be durable before manifest/rename1 failure:');
  expect(list).toContain('1 failure: no culprit is known');
});

test('the gallery says whether the right culprit was named', () => {
  expect(POWER_PAGE).toContain('✓ right');
  expect(POWER_PAGE).toMatch(/✗ wrong[^]*?expected[^]*?manifest\/dir\.fsync before gc\/wal\.unlink/);
});
