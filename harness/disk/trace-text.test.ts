import { expect, test } from 'vitest';
import { EMPTY_DISK } from './disk.js';
import type { TraceStep } from './trace.js';
import { stepText, traceLines } from './trace-text.js';

const FILE = { label: 'l', inode: 1, path: 'wal/000002.wal' };

test.each<[string, TraceStep]>([
  ['wal/000002.wal +37 bytes at 120', { kind: 'write', ...FILE, offset: 120, bytes: new Uint8Array(37) }],
  ['truncate wal/000002.wal to 1 byte', { kind: 'truncate', ...FILE, length: 1 }],
  ['create wal/000002.wal', { kind: 'create', ...FILE }],
  ['unlink wal/000002.wal', { kind: 'unlink', ...FILE }],
  ['rename a.tmp -> wal/000002.wal', { kind: 'rename', ...FILE, from: 'a.tmp', replaced: null }],
  ['rename a.tmp -> wal/000002.wal (replaced)', { kind: 'rename', ...FILE, from: 'a.tmp', replaced: 3 }],
  ['mkdir l0', { kind: 'mkdir', label: 'l', path: 'l0' }],
  [
    'fdatasync wal/000002.wal (covers steps before 41)',
    { kind: 'sync', ...FILE, whole: false, since: 41, answered: true },
  ],
  [
    'fsync wal/000002.wal (asked at step 41, failed: nothing was forced)',
    { kind: 'sync', ...FILE, whole: true, since: 41, answered: false },
  ],
  [
    'fsync directory . (covers steps before 2)',
    { kind: 'sync-directory', label: 'l', path: '', since: 2, answered: true },
  ],
  ['LOCK (leaves the disk as it is)', { kind: 'none', label: 'l', path: 'LOCK' }],
])('%s', (text, step) => {
  expect(stepText(step)).toBe(text);
});

test('the data of a long write are shown up to 256 bytes', () => {
  const step: TraceStep = { kind: 'write', ...FILE, offset: 16, bytes: new Uint8Array(1_000).fill(0x41) };
  const decoded = { disk: EMPTY_DISK, trace: { steps: [step], marks: [] }, cut: false, wholeBytes: 0 };
  const lines = [...traceLines(decoded, { from: 0, to: Infinity, data: true })];
  const rows = lines.filter((line) => line.includes('|AAAAAAAAAAAAAAAA|'));
  expect(rows).toHaveLength(16);
  expect(rows[0]).toMatch(/^ +00000010 {2}41 41/);
  expect(lines.at(-2)?.trim()).toBe('and 744 bytes more');
});
