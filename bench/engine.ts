import { writeFileSync } from 'node:fs';
import { benchCommand, wholeNumber } from './engine/arguments.js';
import { drawRatios } from './engine/drawing.js';
import { type Plan, runRounds } from './engine/rounds.js';
import { STORE_NAMES } from './engine/store.js';
import { summarise } from './engine/summary.js';
import { formatTables, machineText } from './engine/table.js';

/**
 * Our engine against its peers: LevelDB (classic-level), LMDB (lmdb) and SQLite (@photostructure/sqlite), the same
 * entries in the same order, each engine in a child of its own in every round. docs/bench.md says what the rows are.
 * Progress goes to standard error, the table to standard output.
 *
 *     npm run build && node dist/bench/engine.js --json out/engine.json --svg docs/engine-bench.svg
 */
const ENTRIES = 1_000_000;
const ENTRIES_MIN = 20_000;
const ROUNDS = 3;
const QUICK = { entries: 50_000, rounds: 1 };

const { entries, rounds, quick, json, svg } = benchCommand('engine', 'Compares our engine with its peers.')
  .option('--entries <n>', 'entries that the read rows look at', wholeNumber(ENTRIES_MIN, 100_000_000))
  .option('--rounds <n>', 'rounds, of which the median counts', wholeNumber(1, 1_000))
  .option('--quick', `${QUICK.entries} entries and one round: whether it runs, not how quick it is`)
  .option('--json <file>', 'write every figure there')
  .option('--svg <file>', 'write a drawing of the ratios there')
  .parse()
  .opts<{ entries?: number; rounds?: number; quick?: true; json?: string; svg?: string }>();

const defaults = quick === true ? QUICK : { entries: ENTRIES, rounds: ROUNDS };
const plan: Plan = {
  entries: entries ?? defaults.entries,
  rounds: rounds ?? defaults.rounds,
  stores: STORE_NAMES,
};
const measured = await runRounds(plan, (line) => console.error(line));
const summary = summarise(measured);
console.log(formatTables(plan, measured, summary));
if (svg !== undefined) writeFileSync(svg, drawRatios(summary, machineText(plan)));
if (json !== undefined) {
  const options = Object.fromEntries(measured.options);
  const unavailable = Object.fromEntries(measured.unavailable);
  writeFileSync(
    json,
    `${JSON.stringify({ machine: machineText(plan), plan, options, unavailable, ...summary, figures: measured.figures }, undefined, 2)}\n`,
  );
}
