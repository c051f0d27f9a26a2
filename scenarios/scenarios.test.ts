/**
 * The crash suite: the sound engine, really killed, and on machines that lose their power. Every scenario with a small
 * effort must hold; at every step that a kill scenario names the engine must have died before, inside (a write) and
 * after it, and a power scenario must have tried states under every model.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALL_MODELS, lsmTarget, runCampaign, type RunRecord, type Scenario } from '../harness/index.js';
import { WALL_CLOCK } from '../harness/run/wall-clock.js';
import { SCENARIOS } from './index.js';

let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'ninelives-scenarios-'));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

test.each(SCENARIOS.map((scenario) => ({ name: scenario.name, scenario })))(
  '$name holds',
  async ({ scenario }) => {
    const record = await play(scenario);
    expect(record.failures).toEqual([]);
    expect(record.scenarios).toMatchObject([{ name: scenario.name, verdict: 'held', doubts: [] }]);
    const [played] = record.scenarios;
    if (scenario.kind === 'power') {
      const models = played?.power?.models ?? [];
      const layer = scenario.failedSyncs === undefined ? '' : '+fsync-fails';
      expect(models.filter(({ tried }) => tried > 0).map(({ model }) => model)).toEqual(
        expect.arrayContaining(['kill', ...ALL_MODELS].map((model) => `${model}${layer}`)),
      );
      expect(played?.power?.distinct).toBeGreaterThan(500);
      return;
    }
    const killed = record.scenarios.reduce(
      (sum, { kills }) => sum + kills.exact + kills.timed + kills.idle,
      0,
    );
    expect(killed).toBeGreaterThan(0);
    const labels: readonly string[] =
      scenario.kind === 'crash' && scenario.kills.kind === 'steps' ? scenario.kills.labels : [];
    const missed = record.crashPoints
      .filter(({ label }) => labels.includes(label))
      .filter(({ before, inside, after }) => [before, inside, after].some((cell) => cell?.kills === 0));
    expect(missed).toEqual([]);
  },
);

test('names are unique, fit the command line, and each scenario says what it promises', () => {
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  for (const { name, title } of SCENARIOS) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(title.split(' ').length).toBeGreaterThan(4);
  }
});

async function play(scenario: Scenario): Promise<RunRecord> {
  return await runCampaign({
    target: lsmTarget(),
    scenarios: [scenario],
    seed: 3,
    workers: 2,
    effort: scenario.kind === 'power' ? 0.5 : 0.05,
    corpus: null,
    failuresDirectory: out,
    dataParent: undefined,
    lifeLimitMs: 60_000,
    shrinkRunsMax: 0,
    command: 'vitest',
    clock: WALL_CLOCK,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}
