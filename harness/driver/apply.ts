import type { BatchWrite, Engine, WriteOptions } from '../../engine/index.js';
import type { Operation, Pair, Result, Write } from '../workload/operation.js';
import { toBytes, toText } from './byte-text.js';

/**
 * Does one operation on the engine and gives its result in the form in which histories hold it. `pause` is awaited
 * after each pair of a scan: an iterator that is read in one go never sees a write, a flush or a compaction go by.
 */
export async function apply(
  engine: Engine,
  operation: Operation,
  pause: () => Promise<void>,
): Promise<Result> {
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
      const value = await engine.get(toBytes(operation.key));
      return { value: value === undefined ? null : toText(value) };
    }
    case 'scan': {
      const pairs: Pair[] = [];
      for await (const [key, value] of engine.scan({
        ...(operation.gte === undefined ? {} : { gte: toBytes(operation.gte) }),
        ...(operation.lt === undefined ? {} : { lt: toBytes(operation.lt) }),
        ...(operation.limit === undefined ? {} : { limit: operation.limit }),
      })) {
        pairs.push([toText(key), toText(value)]);
        await pause();
      }
      return { pairs };
    }
    case 'sync':
      await engine.sync();
      return {};
    case 'flush':
      await engine.flush();
      return {};
    case 'compact':
      await engine.compact();
      return {};
  }
}

function durability(operation: { readonly sync?: boolean }): WriteOptions {
  return operation.sync === undefined ? {} : { sync: operation.sync };
}

function toBatchWrite(write: Write): BatchWrite {
  return write.kind === 'put'
    ? { kind: 'put', key: toBytes(write.key), value: toBytes(write.value) }
    : { kind: 'delete', key: toBytes(write.key) };
}
