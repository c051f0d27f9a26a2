import { loadHashes } from '../../engine/index.js';
import { ChildLife } from './child-life.js';
import { LineInput } from './line-input.js';
import { LineOutput } from './line-output.js';
import type { Request } from './protocol.js';

/**
 * The program that dies. It runs one life of the engine after another, as its standard input says, and exits when
 * the parent closes the pipe or is gone. Built into one file, dist/child.mjs.
 */
const input = new LineInput();
// Compiled once and ahead: afterwards opening an engine waits for nothing but its own I/O.
await loadHashes();
const output = new LineOutput(false);
output.write({ kind: 'ready' });
for (let parentIsThere = true; parentIsThere;) {
  input.blocking = true;
  const line = await input.next();
  if (line === undefined) break;
  const request = JSON.parse(line) as Request;
  if (request.kind === 'open') parentIsThere = await new ChildLife(request).run(input);
}
process.exit(0);
