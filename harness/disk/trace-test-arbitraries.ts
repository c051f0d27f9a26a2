import fc from 'fast-check';
import { Content } from './content.js';
import type { Disk } from './disk.js';
import { directoryOf, type Trace, type TraceStep } from './trace.js';

/** Random traces and disks for tests of formats: every step is legal by itself, but the story makes no sense. */
const name = fc.oneof(
  fc.constantFrom('wal', '1.wal', 'l0', 'MANIFEST-000003'),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .filter((text) => !/[/\0]/.test(text) && text !== '.' && text !== '..'),
);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const pathOrRoot = fc.oneof(fc.constant(''), path);
const label = fc.oneof(fc.constantFrom('wal/append', 'manifest/rename'), fc.string({ unit: 'grapheme' }));
const inode = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const size = fc.nat({ max: 2 ** 28 - 1_000 });
const data = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 20 }),
  fc.integer({ min: 100, max: 600 }).map((length) => new Uint8Array(length).fill(7)),
);
const file = { label, path, inode };
const answer = { since: fc.nat({ max: 1_000 }), answered: fc.boolean() };

const step: fc.Arbitrary<TraceStep> = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), ...file, offset: size, bytes: data }),
  fc.record({ kind: fc.constant('truncate' as const), ...file, length: size }),
  fc.record({ kind: fc.constantFrom('create' as const, 'unlink' as const), ...file }),
  fc.record({
    kind: fc.constant('rename' as const),
    ...file,
    from: path,
    replaced: fc.option(inode),
  }),
  fc.record({ kind: fc.constantFrom('mkdir' as const, 'none' as const), label, path: pathOrRoot }),
  fc.record({ kind: fc.constant('sync' as const), ...file, ...answer, whole: fc.boolean() }),
  fc.record({ kind: fc.constant('sync-directory' as const), label, path: pathOrRoot, ...answer }),
);

export const traceArbitrary: fc.Arbitrary<Trace> = fc
  .record({
    steps: fc.array(step, { maxLength: 30 }),
    marks: fc.array(fc.record({ step: fc.nat({ max: 30 }), text: fc.json() }), { maxLength: 10 }),
  })
  .map(({ steps, marks }) => ({
    steps: steps.map((each, number) =>
      'since' in each ? { ...each, since: Math.min(each.since, number) } : each,
    ),
    marks: marks
      .map((mark) => ({ ...mark, step: Math.min(mark.step, steps.length) }))
      .sort((left, right) => left.step - right.step),
  }));

export const diskArbitrary: fc.Arbitrary<Disk> = fc
  .array(fc.record({ path, bytes: fc.uint8Array({ maxLength: 300 }) }), { maxLength: 6 })
  .map((wanted) => {
    const directories = new Set<string>();
    const files = new Map<string, Content>();
    for (const each of wanted) {
      const above = directoriesOf(each.path);
      if (directories.has(each.path) || above.some((directory) => files.has(directory))) continue;
      for (const directory of above) directories.add(directory);
      files.set(each.path, new Content(each.bytes));
    }
    return { directories, files };
  });

function directoriesOf(of: string): readonly string[] {
  const directory = directoryOf(of);
  return directory === '' ? [] : [...directoriesOf(directory), directory];
}
