import type { CrashCase } from './case.js';
import { type Operation, writesOf } from './operation.js';

/** Every key that a case writes or reads by name, sorted by bytes. */
export function keysOf(crashCase: CrashCase): readonly string[] {
  const keys = new Set(
    crashCase.lives.flatMap((life) => life.operations.flatMap(({ operation }) => keysOfOperation(operation))),
  );
  // Byte text sorts by code unit, and each of its code units is one byte.
  return [...keys].sort();
}

function keysOfOperation(operation: Operation): readonly string[] {
  if (operation.kind === 'get') return [operation.key];
  return operation.kind === 'get-many' ? operation.keys : writesOf(operation).map((write) => write.key);
}

/** Operations of all lives. */
export function operationCount(crashCase: CrashCase): number {
  return crashCase.lives.reduce((sum, life) => sum + life.operations.length, 0);
}
