import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const COMMAND = join(import.meta.dirname, '../dist/bench/engine-latency.js');

test('gets are measured in both pacings, with and without a compaction', async () => {
  const { stdout } = await execa(process.execPath, [COMMAND, '--entries', '20000']);
  for (const pacing of ['back to back', 'every millisecond']) {
    for (const during of ['nothing else', 'compact()']) {
      expect(stdout).toMatch(`gets ${pacing}, during: ${during} (`);
    }
  }
  expect(stdout.match(/latency of a get +p50 \d+\.\d+ ms, p99 \d+\.\d+ ms/g)).toHaveLength(4);
  expect(stdout.match(/event loop delay +p50 \d+\.\d+ ms, p99 \d+\.\d+ ms/g)).toHaveLength(4);
});
