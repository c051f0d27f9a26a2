// The engine child is one file: a child that loads thirty small modules starts measurably later,
// and start-up is most of what a kill cycle costs (see bench/kill-cycles).
import { defineConfig } from 'rolldown';

export default defineConfig({
  input: 'dist/harness/driver/child-main.js',
  platform: 'node',
  output: { file: 'dist/child.mjs', format: 'esm' },
});
