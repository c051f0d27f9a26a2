// Runs the README's test command and says in one plain line how many tests passed and failed.
import { readFile, rm } from 'node:fs/promises';
import { $ } from 'zx';

const results = 'out/vitest.json';
await rm(results, { force: true });
const test = await $({
  stdio: 'inherit',
  nothrow: true,
})`npm test -- --reporter=default --reporter=json --outputFile.json=${results}`;

// Without results the build or the linter failed before any test ran.
const counts = await readFile(results, 'utf8').then(JSON.parse, () => undefined);
const passed = counts?.numPassedTests ?? 0;
const failed =
  counts === undefined ? 1 : counts.numFailedTests + (counts.success || counts.numFailedTests > 0 ? 0 : 1);
const skipped = counts?.numPendingTests ?? 0;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = test.exitCode === 0 && failed === 0 && passed > 0 ? 0 : 1;
