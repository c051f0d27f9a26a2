import type { Life } from './case.js';

/** What every case ends with: the engine must take a write, flush it and read it back. */
export const LAST_LIFE: Life = {
  operations: [
    { operation: { kind: 'put', key: '~still-alive', value: 'yes' } },
    { operation: { kind: 'flush' } },
    { operation: { kind: 'get', key: '~still-alive' } },
  ],
  end: 'close',
};
