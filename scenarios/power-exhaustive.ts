import { ALL_MODELS, type PowerScenario } from '../harness/index.js';

/**
 * One workload of thirty operations, and nothing left out: at each of its steps, under each model, every disk that the
 * model allows. It goes through flushes and a compaction, and syncs each write, so that few changes are pending at a
 * time and their combinations can be counted.
 */
export const powerExhaustive: PowerScenario = {
  kind: 'power',
  name: 'power-exhaustive',
  title: 'One workload survives every power loss that any model allows, at every step',
  workload: {
    options: {
      durability: 'always',
      memtableEntriesMax: 8,
      tableEntriesMax: 12,
      l0TablesMax: 2,
      l1TablesMax: 2,
      levelRatio: 2,
    },
    keysMax: 8,
    operationsMax: 30,
    livesMax: 1,
  },
  operations: Array.from({ length: 30 }, (_, index) => ({ operation: operationAt(index) })),
  models: ALL_MODELS,
  cases: 1,
};

type PowerOperation = NonNullable<PowerScenario['operations']>[number]['operation'];

/** Puts over eight keys; every seventh operation each a batch, a delete and a get. */
function operationAt(index: number): PowerOperation {
  const key = keyAt(index * 5);
  const value = `0.${index}`;
  switch (index % 7) {
    case 3:
      return {
        kind: 'batch',
        writes: [
          { kind: 'put', key, value },
          { kind: 'put', key: keyAt(index * 3), value: `${value}b` },
        ],
      };
    case 5:
      return { kind: 'delete', key };
    case 6:
      return { kind: 'get', key };
    default:
      return { kind: 'put', key, value };
  }
}

function keyAt(number: number): string {
  return 'abcdefgh'.charAt(number % 8);
}
