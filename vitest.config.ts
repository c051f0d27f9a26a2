import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['node_modules/**', 'dist/**', 'out/**'],
    globalSetup: './require-build.ts',
    testTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
