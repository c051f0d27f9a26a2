#!/usr/bin/env node
// The command's door. It only looks whether the compiled program is there, so that a missing build is one clear
// sentence and not a stack trace.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  try {
    await import(main.href);
  } catch (error) {
    // Node's own exit code for this is 1, which here would say that the engine broke its promise.
    console.error(
      `ninelives: the program could not be loaded, so nothing is known: ${error?.message ?? error}`,
    );
    process.exitCode = 3;
  }
} else {
  console.error(
    `ninelives: expected the compiled program at ${main.pathname}, found nothing; run \`npm run build\` first.`,
  );
  process.exitCode = 2;
}
