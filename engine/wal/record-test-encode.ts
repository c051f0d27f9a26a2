import type { WalBatch } from './record.js';
import { RecordEncoder } from './record-encoder.js';

/** For tests only: one batch as a record of the WAL with this file number, as bytes of its own. */
export function encodeRecord(fileNumber: number, durableBytes: number, batch: WalBatch): Uint8Array {
  return Uint8Array.from(new RecordEncoder(fileNumber).encode([batch], durableBytes));
}
