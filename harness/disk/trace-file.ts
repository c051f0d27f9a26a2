import type { Disk } from './disk.js';
import type { Trace } from './trace.js';
import { concatenated } from './trace-bytes.js';
import { ChunkDecoder } from './trace-chunk.js';
import { TraceDecoder } from './trace-decoder.js';
import { TraceEncoder } from './trace-encoder.js';
import { TraceError } from './trace-error.js';

/**
 * A trace as a file that outlives the process (docs/trace-format.md): whole with encodeTrace, or step by step with
 * TraceEncoder. Every byte is under a checksum, so a file is read right or not at all; against somebody who computes
 * the checksums anew there are limits, and paths that stay below the root.
 */
export { TraceEncoder } from './trace-encoder.js';
export { TraceError, type TraceErrorCode } from './trace-error.js';

/** The bytes of a file with this trace, from a disk that is `disk` before step 0. Throws as TraceEncoder does. */
export function encodeTrace(trace: Trace, disk: Disk): Uint8Array {
  const encoder = new TraceEncoder(disk, CHUNK_BYTES);
  const parts = [encoder.start()];
  const marks = trace.marks.values();
  let mark = marks.next();
  for (const [number, step] of trace.steps.entries()) {
    for (; !mark.done && mark.value.step <= number; mark = marks.next()) parts.push(encoder.mark(mark.value));
    parts.push(encoder.step(step));
  }
  for (; !mark.done; mark = marks.next()) parts.push(encoder.mark(mark.value));
  return concatenated([...parts, encoder.end()]);
}

export interface DecodedTrace {
  /** What was there before step 0. */
  readonly disk: Disk;
  readonly trace: Trace;
  /** True if the file ends before its trace does: its writer was killed, or it was copied in part. */
  readonly cut: boolean;
  /** Bytes of the file that were read: up to the end, or up to the chunk that was cut. */
  readonly wholeBytes: number;
}

/**
 * The trace of a file; its data are views on `bytes`, which must not change any more. A file that was cut is an error
 * in the mode 'strict'; 'untilCut' gives what was written whole, unless not even the disk was. Throws TraceError;
 * `file` is the name of the file for its message.
 */
export function decodeTrace(
  bytes: Uint8Array,
  mode: 'strict' | 'untilCut' = 'strict',
  file = 'the trace',
): DecodedTrace {
  const chunks = new ChunkDecoder(bytes, file);
  const decoder = new TraceDecoder();
  for (let expected: 'disk' | 'entries' = 'disk'; ; expected = 'entries') {
    const { offset } = chunks;
    const chunk = chunks.next();
    if (chunk === undefined) {
      if (mode === 'untilCut' && expected === 'entries') return decoded(decoder, true, offset);
      const whole = `a whole ${expected === 'disk' ? 'disk' : 'chunk'}`;
      throw new TraceError('cut', { file, offset, expected: whole, got: 'the end of the file' });
    }
    const { kind, payload } = chunk;
    if ((kind === 'disk') !== (expected === 'disk')) {
      const wanted = expected === 'disk' ? 'the disk first' : 'one disk only';
      throw new TraceError('corrupt', { file, offset, expected: wanted, got: `a chunk of kind "${kind}"` });
    }
    switch (kind) {
      case 'disk':
        decoder.readDisk(payload);
        break;
      case 'entries':
        decoder.readEntries(payload);
        break;
      case 'end':
        decoder.readEnd(payload);
        chunks.expectEnd();
        return decoded(decoder, false, chunks.offset);
    }
  }
}

function decoded({ disk, steps, marks }: TraceDecoder, cut: boolean, wholeBytes: number): DecodedTrace {
  return { disk, trace: { steps, marks }, cut, wholeBytes };
}

/** Entries are collected up to this size: enough for deflate, and a damaged place says where it is. */
const CHUNK_BYTES = 65_536;
