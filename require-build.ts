import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs once before all tests (vitest's globalSetup). Tests of the harness start real children and the real command,
 * so they need the build; without it there is one clear sentence here and not a failure in every test.
 */
export default function requireBuild(): void {
  for (const built of ['dist/child.mjs', 'dist/cli/main.js']) {
    const path = join(import.meta.dirname, built);
    if (existsSync(path)) continue;
    throw new Error(`Expected the build at ${path}, found nothing; run \`npm run build\` first.`);
  }
}
