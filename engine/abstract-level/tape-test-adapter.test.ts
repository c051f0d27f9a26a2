import { expect, test } from 'vitest';
import { TapeTest } from './tape-test-adapter.js';

test('a test whose assertions hold has no failures', async () => {
  const { failures, late } = await play((t) => {
    t.plan(8);
    t.ok('yes');
    t.is(NaN, NaN);
    t.isNot(0, -0);
    t.same({ a: [Buffer.from('b')] }, { a: [Buffer.from('b')] });
    t.pass();
    t.throws(() => boom());
    t.throws(boom, (error) => (error as Error).message === 'boom');
    t.doesNotThrow(() => undefined);
  });
  expect(failures).toEqual([]);
  expect(late).toEqual([]);
});

test.each<[string, (t: TapeTest) => void]>([
  ['ok', (t) => t.ok('')],
  ['is', (t) => t.is('1', 1)],
  ['isNot', (t) => t.isNot(1, 1)],
  ['same, by value', (t) => t.same(['a', undefined], ['a'])],
  ['same, by type', (t) => t.same(Buffer.from('b'), new Uint8Array([98]))],
  ['fail', (t) => t.fail('seen')],
  ['throws, nothing thrown', (t) => t.throws(() => undefined)],
  ['throws, another error', (t) => t.throws(boom, () => false)],
  ['doesNotThrow', (t) => t.doesNotThrow(boom)],
])('a failing assertion is seen, even where its test catches everything: %s', async (_name, assert) => {
  const { failures } = await play(async (t) => {
    try {
      assert(t);
    } catch {
      // Code under test that swallows errors.
    }
  });
  expect(failures).toHaveLength(1);
});

test('a test that throws, or whose promise is rejected, has failed', async () => {
  expect((await play(boom)).failures).toHaveLength(1);
  expect((await play(async () => boom())).failures).toHaveLength(1);
});

test('a plan must be met by the end of the promise', async () => {
  const short = await play(async (t) => {
    t.plan(2);
    t.pass();
  });
  expect(short.failures).toEqual(['planned 2 assertions, made 1']);
  const long = await play(async (t) => {
    t.plan(1);
    t.pass();
    t.pass();
  });
  expect(long.failures).toEqual(['planned 1 assertions, made 2']);
});

test('a test without a promise waits for its plan, or for its end', async () => {
  const seen: string[] = [];
  await play((t) => {
    t.plan(1);
    setImmediate(() => {
      seen.push('planned');
      t.pass();
    });
  });
  await play((t) => {
    setImmediate(() => {
      seen.push('ended');
      t.end();
    });
  });
  expect(seen).toEqual(['planned', 'ended']);
});

test('an assertion after the end is told apart, whether it holds or not', async () => {
  const late: string[] = [];
  let assertions: TapeTest | undefined;
  const subject = new TapeTest((what) => late.push(what));
  await subject.outcomeOf(async (t) => {
    assertions = t;
  });
  assertions?.pass('too late');
  assertions?.end();
  expect(late).toEqual(['assertion 1 (too late): ', 'end was called again']);
});

async function play(
  run: (t: TapeTest) => unknown,
): Promise<{ readonly failures: readonly string[]; readonly late: readonly string[] }> {
  const late: string[] = [];
  return { failures: await new TapeTest((what) => late.push(what)).outcomeOf(run), late };
}

function boom(): never {
  throw new Error('boom');
}
