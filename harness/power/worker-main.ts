import { parentPort } from 'node:worker_threads';
import { loadHashes } from '../../engine/index.js';
import { work, type WorkRequest } from './work.js';

/**
 * The program of a worker: the engine, the simulator and the checker in one file, dist/power-worker.mjs, so that an
 * engine with a planted bug can be put in its place. It answers one request after the other.
 */
if (parentPort === null) throw new Error('Expected to be started as a worker thread.');
const port = parentPort;
// Compiled once and ahead: afterwards recovering a disk waits for nothing but itself.
await loadHashes();
port.on('message', (request: WorkRequest) => {
  work(request).then(
    (result) => port.postMessage({ kind: 'done', result }),
    (error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      port.postMessage({ kind: 'failed', error: text });
    },
  );
});
