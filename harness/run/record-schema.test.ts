import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runRecordSchema } from './record-schema.js';

/** The parts of a valibot schema in which further schemas or literals can hide. */
interface SchemaParts {
  readonly entries?: Readonly<Record<string, SchemaParts>>;
  readonly options?: readonly (SchemaParts | string)[];
  readonly items?: readonly SchemaParts[];
  readonly item?: SchemaParts;
  readonly wrapped?: SchemaParts;
  readonly literal?: unknown;
}

function namesOf(schema: SchemaParts, names: Set<string> = new Set()): Set<string> {
  for (const [name, entry] of Object.entries(schema.entries ?? {})) {
    names.add(name);
    namesOf(entry, names);
  }
  for (const option of schema.options ?? []) {
    if (typeof option === 'string') names.add(option);
    else namesOf(option, names);
  }
  for (const item of schema.items ?? []) namesOf(item, names);
  if (schema.item !== undefined) namesOf(schema.item, names);
  if (schema.wrapped !== undefined) namesOf(schema.wrapped, names);
  if (typeof schema.literal === 'string' && !schema.literal.includes('/')) names.add(schema.literal);
  return names;
}

const NAMES = namesOf(runRecordSchema as unknown as SchemaParts);

test('every field and every choice of the schema is named in docs/run-record.md', () => {
  const page = readFileSync(new URL('../../docs/run-record.md', import.meta.url), 'utf8');
  const missing = [...NAMES].filter((name) => !page.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});

test('the walk over the schema reaches nested fields, optional fields and variants', () => {
  for (const name of ['format', 'fileSystem', 'legal', 'obsolete', 'foreign', 'resembles', 'number-reuse']) {
    expect(NAMES).toContain(name);
  }
});
