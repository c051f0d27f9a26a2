import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Content } from './content.js';
import { type Disk, EMPTY_DISK } from './disk.js';
import type { Trace, TraceStep } from './trace.js';
import { decodeTrace, encodeTrace, TraceEncoder } from './trace-file.js';
import { diskArbitrary, traceArbitrary } from './trace-test-arbitraries.js';
import { codeOf } from './trace-test-crafted.js';

const EXAMPLE: { readonly disk: Disk; readonly trace: Trace } = {
  disk: { directories: new Set(['wal']), files: new Map([['wal/1.wal', new Content(Uint8Array.of(0x6f))]]) },
  trace: {
    steps: [
      { kind: 'create', label: 'wal/create', inode: 2, path: 'wal/2.wal' },
      {
        kind: 'write',
        label: 'wal/append',
        inode: 2,
        path: 'wal/2.wal',
        offset: 300,
        bytes: new Uint8Array(Buffer.from('nine')),
      },
      {
        kind: 'sync',
        label: 'wal/fsync',
        inode: 2,
        path: 'wal/2.wal',
        whole: false,
        since: 1,
        answered: true,
      },
    ],
    marks: [{ step: 3, text: '"ack"' }],
  },
};

/** The example as a file to which every step was appended by itself. */
function exampleStepByStep(): Uint8Array {
  const encoder = new TraceEncoder(EXAMPLE.disk);
  const parts = EXAMPLE.trace.steps.map((step) => encoder.step(step));
  parts.push(...EXAMPLE.trace.marks.map((mark) => encoder.mark(mark)), encoder.end());
  return new Uint8Array(Buffer.concat(parts));
}

test('the example in trace-format.md is what the code writes', () => {
  const text = readFileSync(new URL('../../docs/trace-format.md', import.meta.url), 'utf8');
  const block = /^```hex\n(.*?)^```$/ms.exec(text)?.[1] ?? '';
  const digits = block.split('\n').map((line) => line.split('  ')[0] ?? '');
  const documented = Buffer.from(digits.join('').replaceAll(' ', ''), 'hex');
  expect(documented.toString('hex')).toBe(
    Buffer.from(encodeTrace(EXAMPLE.trace, EXAMPLE.disk)).toString('hex'),
  );
});

test('a trace that was written whole is read back', () => {
  fc.assert(
    fc.property(traceArbitrary, diskArbitrary, (trace, disk) => {
      const bytes = encodeTrace(trace, disk);
      expect(decodeTrace(bytes)).toEqual({ disk, trace, cut: false, wholeBytes: bytes.length });
    }),
  );
});

test('a trace that was written step by step is read back, with its files in their order', () => {
  fc.assert(
    fc.property(traceArbitrary, diskArbitrary, fc.nat({ max: 100 }), (trace, disk, chunkBytes) => {
      const encoder = new TraceEncoder(disk, chunkBytes);
      const parts = [encoder.start()];
      for (let step = 0; step <= trace.steps.length; step++) {
        for (const mark of trace.marks.filter((each) => each.step === step)) parts.push(encoder.mark(mark));
        parts.push(...trace.steps.slice(step, step + 1).map((each) => encoder.step(each)));
      }
      const decoded = decodeTrace(Buffer.concat([...parts, encoder.end()]));
      expect(decoded.trace).toEqual(trace);
      expect([...decoded.disk.files.keys()]).toEqual([...disk.files.keys()]);
    }),
  );
});

test('every step can be read as soon as its bytes are appended', () => {
  fc.assert(
    fc.property(traceArbitrary, ({ steps }) => {
      const encoder = new TraceEncoder(EMPTY_DISK);
      let file = encoder.start();
      for (const [number, step] of steps.entries()) {
        file = Buffer.concat([file, encoder.step(step)]);
        expect(decodeTrace(file, 'untilCut').trace.steps).toEqual(steps.slice(0, number + 1));
      }
    }),
    { numRuns: 30 },
  );
});

test('a repetitive trace is deflated', () => {
  const append = (number: number): TraceStep => ({
    kind: 'write',
    label: 'wal/append',
    inode: 1,
    path: 'wal/1.wal',
    offset: number * 100,
    bytes: new Uint8Array(100).fill(7),
  });
  const trace: Trace = { steps: Array.from({ length: 1_000 }, (_, number) => append(number)), marks: [] };
  const bytes = encodeTrace(trace, EMPTY_DISK);
  expect(bytes.length).toBeLessThan(10_000);
  expect(decodeTrace(bytes).trace).toEqual(trace);
});

test('every cut of a file is noticed, and what is whole is a beginning of the trace', () => {
  const { disk, trace } = EXAMPLE;
  const bytes = exampleStepByStep();
  const seen = new Set<number>();
  for (let length = 0; length < bytes.length; length++) {
    const prefix = bytes.subarray(0, length);
    expect(codeOf(() => decodeTrace(prefix))).toBe('cut');
    let read;
    try {
      read = decodeTrace(prefix, 'untilCut');
    } catch (error) {
      // Not even the disk is whole.
      expect(error).toMatchObject({ code: 'cut' });
      expect(seen.size).toBe(0);
      continue;
    }
    expect(read.cut).toBe(true);
    expect(read.wholeBytes).toBeLessThanOrEqual(length);
    expect(read.disk).toEqual(disk);
    expect(read.trace.steps).toEqual(trace.steps.slice(0, read.trace.steps.length));
    expect(read.trace.marks).toEqual(trace.marks.slice(0, read.trace.marks.length));
    seen.add(read.trace.steps.length);
  }
  expect([...seen]).toEqual([0, 1, 2, 3]);
});

test('every changed byte is an error, also where a cut is allowed', () => {
  const large = encodeTrace(
    { steps: EXAMPLE.trace.steps, marks: [{ step: 3, text: 'a'.repeat(300) }] },
    EXAMPLE.disk,
  );
  for (const bytes of [exampleStepByStep(), new Uint8Array(large)]) {
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        expect(codeOf(() => decodeTrace(damaged, 'untilCut'))).toMatch(
          /^(not-a-trace|wrong-version|corrupt)$/,
        );
      }
    }
  }
});

test('a chunk that is missing, doubled or moved is an error', () => {
  const encoder = new TraceEncoder(EXAMPLE.disk);
  const start = encoder.start();
  const [first, second, third] = EXAMPLE.trace.steps.map((step) => encoder.step(step));
  if (first === undefined || second === undefined || third === undefined) throw new Error('Expected steps.');
  const end = encoder.end();
  for (const parts of [
    [start, first, third, end],
    [start, first, second, second, third, end],
    [start, second, first, third, end],
    [start, first, second, end],
    [start, first, second, third, end, end],
  ])
    expect(codeOf(() => decodeTrace(Buffer.concat(parts), 'untilCut'))).toBe('corrupt');
});

test('bytes behind the end are an error', () => {
  const bytes = Buffer.concat([exampleStepByStep(), Uint8Array.of(0)]);
  expect(codeOf(() => decodeTrace(bytes, 'untilCut'))).toBe('corrupt');
});

test('the message says what was expected, what came, where, and what to do', () => {
  const messages = [
    new Uint8Array(0),
    Buffer.from('nine\u001blives'),
    Buffer.from('NLTR\u0002\u0000'),
    exampleStepByStep().subarray(0, 30),
    exampleStepByStep().fill(0, 20, 21),
  ].map((bytes) => {
    try {
      return decodeTrace(bytes, 'strict', 'a.trace');
    } catch (error) {
      return (error as Error).message;
    }
  });
  expect(messages).toEqual([
    'Expected a header of 6 bytes at byte 0 of a.trace, got an empty file; its writer died or it was copied in part, so record or copy it again.',
    'Expected a trace, which starts with "NLTR", at byte 0 of a.trace, got "nine"; give a file that ninelives recorded.',
    'Expected version 1 of the trace format at byte 4 of a.trace, got version 2; use the ninelives that wrote it.',
    'Expected a whole disk at byte 6 of a.trace, got the end of the file; its writer died or it was copied in part, so record or copy it again.',
    expect.stringMatching(
      /^Expected checksum \w{8} of a chunk's payload at byte 12 of a\.trace, got \w{8}; it was damaged/,
    ),
  ]);
});
