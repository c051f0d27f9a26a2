// The engine child is one file: a child that loads thirty small modules starts measurably later,
// and start-up is most of what a kill cycle costs (see bench/kill-cycles). The worker that simulates power loss is
// bundled from the sources themselves, so that its source map leads a stack to the line of the engine.
import { defineConfig } from 'rolldown';

export default defineConfig([
  {
    input: 'dist/harness/driver/child-main.js',
    platform: 'node',
    output: { file: 'dist/child.mjs', format: 'esm' },
  },
  {
    input: 'harness/power/worker-main.ts',
    platform: 'node',
    output: { file: 'dist/power-worker.mjs', format: 'esm', sourcemap: true },
  },
]);
