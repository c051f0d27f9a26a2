#!/usr/bin/env node
// The command's door. It only looks whether the compiled program is there, so that a missing build is one clear
// sentence and not a stack trace.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  console.error(
    `ninelives: expected the compiled program at ${main.pathname}, found nothing; run \`npm run build\` first.`,
  );
  process.exitCode = 2;
}
