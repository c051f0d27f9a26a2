import { expect, test } from 'vitest';
import { promiseOf } from './promise.js';

test('only an engine that always syncs promises every answered write', () => {
  expect(promiseOf({ durability: 'always' })).toEqual({ power: 'acked' });
  for (const options of [{}, { durability: 'os' }, { durability: 'interval' }, { sync: 'always' }]) {
    expect(promiseOf(options)).toEqual({ power: 'synced-prefix' });
  }
});
