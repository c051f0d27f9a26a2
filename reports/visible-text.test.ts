/**
 * Keys, values, messages and paths come from a program that may be broken or malicious. Whatever they hold, they are
 * seen on the page and in the terminal, and do nothing.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CulpritRecord, FailureRecord, RunRecord, ScenarioRecord } from '../harness/run/record.js';
import { renderHtml } from './html.js';
import { POWER_RECORD, SAMPLE_GALLERY } from './sample-power.js';
import { RED_RECORD } from './sample-record.js';
import { renderSummary } from './text.js';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style></title><a href="https://example.org">x</a>',
  '\u00e2\u0080\u00ae gnirts',
  '\u202e gnirts',
  '\u0000\u001b[31mred\u001b[0m\r\n',
  '"\'`&amp;',
  '<script>'.repeat(5_000),
];

const ELEMENTS = new Set([
  ...['html', 'head', 'meta', 'title', 'style', 'body', 'header', 'main', 'section', 'article', 'div'],
  ...[
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'p',
    'span',
    'strong',
    'em',
    'small',
    'code',
    'pre',
    'bdi',
    'svg',
    'rect',
  ],
  ...[
    'details',
    'summary',
    'dl',
    'dt',
    'dd',
    'ol',
    'ul',
    'li',
    'table',
    'caption',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
  ],
]);

const [SAMPLE] = RED_RECORD.failures;

function hostileRecord(text: string): RunRecord {
  if (SAMPLE === undefined) throw new Error('The red record has a failure.');
  const failure: FailureRecord = {
    ...SAMPLE,
    scenario: text,
    command: text,
    caseFile: text,
    violations: [
      {
        kind: 'lost',
        life: 0,
        message: text,
        key: text,
        legal: [text],
        found: text,
        operations: [],
        files: [text],
      },
    ],
    history: [
      { kind: 'create', life: 0, path: text },
      { kind: 'invoke', life: 0, index: 0, operation: { kind: 'put', key: text, value: text } },
      { kind: 'fail', life: 0, index: 0, error: { code: text, message: text } },
      {
        kind: 'crash',
        life: 0,
        death: { kind: 'exit', code: 1, stderr: text },
        planned: text,
        fired: false,
      },
      { kind: 'fault', life: 1, fault: text },
      {
        kind: 'crash',
        life: 1,
        death: { kind: 'power', model: text },
        planned: `power ext4 after ${text} lose ${text} ${text}`,
        fired: true,
        left: [text],
      },
      { kind: 'crash', life: 2, death: { kind: 'power', model: text }, planned: text, fired: true },
    ],
    culprit: hostileCulprit(text),
    directories: [{ life: 0, moment: 'at-crash', files: [{ path: text, bytes: 1 }] }],
  };
  return {
    ...RED_RECORD,
    startedAt: text,
    command: text,
    environment: { ...RED_RECORD.environment, cpu: text },
    scenarios: POWER_RECORD.scenarios.map((scenario): ScenarioRecord => {
      const hostile = { ...scenario, name: text, title: text, doubts: [text] };
      if (scenario.power === undefined) return hostile;
      const models = scenario.power.models.map((row, index) => ({
        ...row,
        model: index % 2 === 0 ? `${text}${index}` : `${index}+${text}`,
      }));
      return { ...hostile, power: { ...scenario.power, models, digest: text } };
    }),
    gallery: SAMPLE_GALLERY.map((row, index) => ({
      ...row,
      id: text,
      what: text,
      by: [text],
      culprit: { expected: text, found: index === 0 ? null : text, right: false },
    })),
    crashPoints: RED_RECORD.crashPoints.map((row) => ({ ...row, label: `${text}/${row.label}` })),
    failures: [failure, { ...failure, culprit: { ...hostileCulprit(text), barrier: null } }],
    limits: [text],
  };
}

function hostileCulprit(text: string): CulpritRecord {
  return {
    lost: text,
    barrier: text,
    kept: `the acknowledgement of ${text}`,
    lostAt: text,
    keptAt: text,
    model: text,
    lostSteps: [text, text],
  };
}

/** Names of all elements and attributes, read as a browser would read the tags. */
function markupOf(page: string): { readonly elements: Set<string>; readonly attributes: Set<string> } {
  const elements = new Set<string>();
  const attributes = new Set<string>();
  const body = page.replace(/<style>[^]*?<\/style>/, '');
  for (const [, name = '', rest = ''] of body.matchAll(
    /<([a-z][a-z0-9]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/gi,
  )) {
    elements.add(name.toLowerCase());
    for (const [, attribute = ''] of rest.matchAll(/\s([^\s=>"]+)(?:="[^"]*")?/g)) attributes.add(attribute);
  }
  return { elements, attributes };
}

test.each(HOSTILE)('hostile text adds no element, no handler and no link to the page: %j', (text) => {
  const page = renderHtml(hostileRecord(text));
  const { elements, attributes } = markupOf(page);
  expect([...elements].filter((name) => !ELEMENTS.has(name))).toEqual([]);
  expect([...attributes].filter((name) => /^on|^href$|^src$|^style$/.test(name))).toEqual([]);
  expect(page).not.toContain('<script');
  expect(page.match(/<\/style>/g)).toHaveLength(1);
  expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]/); // eslint-disable-line no-control-regex
});

test('a key with markup is shown escaped, inside an isolated run of text', () => {
  const page = renderHtml(hostileRecord('<script>'));
  expect(page).toContain('<dt>key</dt><dd><code><bdi>&quot;&lt;script>&quot;</bdi></code></dd>');
});

test('a byte outside printable ASCII is shown as its number', () => {
  expect(renderHtml(hostileRecord('\u00e2\u0080\u00ae\u0000'))).toContain('\\u00e2\\u0080\\u00ae\\u0000');
});

test('hostile text of every length leaves the page below its bound', () => {
  expect(renderHtml(hostileRecord('<'.repeat(100_000))).length).toBeLessThan(1_000_000);
});

test('no text from a record reaches the terminal as a control character', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 60 })),
      (text) => {
        const summary = renderSummary(hostileRecord(text), { colour: false, htmlPath: text });
        expect(summary.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      },
    ),
    { numRuns: 50 },
  );
});
