import type {
  BatchWrite,
  Engine,
  ReadOptions,
  ScanOptions,
  Snapshot,
  WriteOptions,
} from '../../engine/index.js';
import type { Bounds, Operation, Pair, Result, Write } from '../workload/operation.js';
import { toBytes, toText } from './byte-text.js';

/**
 * Does one operation on the engine and gives its result in the form in which histories hold it. The scan is read a pair
 * at a time: an iterator that is read in one go never sees a write, a flush or a compaction go by.
 */
export async function apply(engine: Engine, operation: Operation, life: AppliedLife): Promise<Result> {
  switch (operation.kind) {
    case 'put':
      await engine.put(toBytes(operation.key), toBytes(operation.value), durability(operation));
      return {};
    case 'delete':
      await engine.delete(toBytes(operation.key), durability(operation));
      return {};
    case 'batch':
      await engine.write(operation.writes.map(toBatchWrite), durability(operation));
      return {};
    case 'get': {
      const value = await engine.get(toBytes(operation.key), through(operation, life));
      return { value: value === undefined ? null : toText(value) };
    }
    case 'get-many': {
      const values = await engine.getMany(operation.keys.map(toBytes), through(operation, life));
      return { values: values.map((value) => (value === undefined ? null : toText(value))) };
    }
    case 'scan': {
      const pairs: Pair[] = [];
      for await (const [key, value] of engine.scan(scanOptions(operation, life))) {
        pairs.push([toText(key), toText(value)]);
        await life.pause();
      }
      return { pairs };
    }
    case 'snapshot':
      life.snapshots.get(operation.snapshot)?.release();
      life.snapshots.set(operation.snapshot, engine.snapshot());
      return {};
    case 'release':
      life.snapshots.get(operation.snapshot)?.release();
      life.snapshots.delete(operation.snapshot);
      return {};
    case 'sync':
      await engine.sync();
      return {};
    case 'flush':
      await engine.flush();
      return {};
    case 'compact':
      await engine.compact(boundsOf(operation));
      return {};
    case 'open-again':
      return { locked: await life.isLocked() };
  }
}

/** What an operation needs of the life that it is done in. */
export interface AppliedLife {
  /** The snapshots that are held, by the numbers that the case gives them. */
  readonly snapshots: Map<number, Snapshot>;
  /** Awaited after each pair of a scan. */
  readonly pause: () => Promise<void>;
  /** Tries to open the same directory once more; true if that was refused because it is taken. */
  readonly isLocked: () => Promise<boolean>;
}

function through({ snapshot: number }: { readonly snapshot?: number }, life: AppliedLife): ReadOptions {
  const snapshot = number === undefined ? undefined : life.snapshots.get(number);
  return snapshot === undefined ? {} : { snapshot };
}

function scanOptions(
  operation: Extract<Operation, { readonly kind: 'scan' }>,
  life: AppliedLife,
): ScanOptions {
  return {
    ...boundsOf(operation),
    ...(operation.reverse === undefined ? {} : { reverse: operation.reverse }),
    ...(operation.limit === undefined ? {} : { limit: operation.limit }),
    ...through(operation, life),
  };
}

function boundsOf({ gte, gt, lte, lt }: Bounds): Pick<ScanOptions, 'gte' | 'gt' | 'lte' | 'lt'> {
  return {
    ...(gte === undefined ? {} : { gte: toBytes(gte) }),
    ...(gt === undefined ? {} : { gt: toBytes(gt) }),
    ...(lte === undefined ? {} : { lte: toBytes(lte) }),
    ...(lt === undefined ? {} : { lt: toBytes(lt) }),
  };
}

function durability(operation: { readonly sync?: boolean }): WriteOptions {
  return operation.sync === undefined ? {} : { sync: operation.sync };
}

function toBatchWrite(write: Write): BatchWrite {
  return write.kind === 'put'
    ? { kind: 'put', key: toBytes(write.key), value: toBytes(write.value) }
    : { kind: 'delete', key: toBytes(write.key) };
}
