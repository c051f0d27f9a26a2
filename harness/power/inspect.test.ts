import { beforeAll, expect, test } from 'vitest';
import { loadHashes } from '../../engine/index.js';
import { Content } from '../disk/content.js';
import { type Disk, EMPTY_DISK, hashDisk } from '../disk/disk.js';
import { poweredOn, visibleDisk } from '../disk/machine.js';
import { puts, testCase } from '../run/run-test-place.js';
import type { CrashCase, Life } from '../workload/case.js';
import { cutLife } from './cut-life.js';
import { contentText, inspect } from './inspect.js';
import { recordLife } from './record-life.js';

const LIFE: Life = { operations: puts('abcde'), end: 'kill idle' };
const CASE: CrashCase = testCase([LIFE]);
const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'];
const CONTENT = contentText(['0.0', '0.1', '0.2', '0.3', '0.4', null]);
let disk: Disk;

beforeAll(async () => {
  await loadHashes();
  const machine = poweredOn(EMPTY_DISK);
  const recorded = await recordLife(machine, CASE, 0, LIFE, KEYS);
  disk = visibleDisk(cutLife(machine, 0, recorded, LIFE.end).machine);
});

test('a sound disk shows its content, and stays as it is', async () => {
  const before = hashDisk(disk);
  for (const probe of [false, true]) {
    expect(await inspect(disk, CASE, KEYS, probe)).toMatchObject({ content: CONTENT, problem: undefined });
  }
  expect(hashDisk(disk)).toBe(before);
});

test('an empty disk is an empty database', async () => {
  const { content, problem } = await inspect(EMPTY_DISK, CASE, KEYS, true);
  expect(problem).toBeUndefined();
  expect(content).toBe(contentText(KEYS.map(() => null)));
});

test('a disk that does not open is a problem with the code of the engine', async () => {
  const files = new Map([...disk.files].filter(([path]) => !path.startsWith('MANIFEST')));
  const { content, problem } = await inspect({ ...disk, files }, CASE, KEYS, false);
  expect(content).toBeUndefined();
  expect(problem).toMatch(/^ENGINE_CORRUPT: /);
});

test('a table that cannot be read is a problem', async () => {
  const [path = '', table] = [...disk.files].find(([name]) => name.endsWith('.sst')) ?? [];
  const bytes = table?.bytes.slice() ?? new Uint8Array(0);
  bytes[3] = (bytes[3] ?? 0) ^ 1;
  const files = new Map(disk.files).set(path, new Content(bytes));
  expect((await inspect({ ...disk, files }, CASE, KEYS, false)).problem).toMatch(/^ENGINE_CORRUPT: /);
});

test('a key that nobody asked for is a problem', async () => {
  const { problem } = await inspect(disk, CASE, KEYS.slice(1), false);
  expect(problem).toBe('scan and gets disagree');
});

test('contents that differ have different texts, also where values look alike', () => {
  const contents = [
    ['a', null],
    [null, 'a'],
    ['a', ''],
    ['', 'a'],
    ['a'],
    ['a', null, null],
    ['\u00ff', null],
  ];
  expect(new Set(contents.map(contentText)).size).toBe(contents.length);
});
