import { TINY_OPTIONS, type ValidationScenario } from '../harness/index.js';

/**
 * A client works through 4,000 lines of requests with known answers, and the engine dies under it forty times. The
 * client sends again what was not answered, as a client would; every answer must be the one that the file gives.
 */
export const validationFile: ValidationScenario = {
  kind: 'validation',
  name: 'validation-file',
  title: 'A client that retries gets the right answer to every request, however often the engine dies',
  options: { ...TINY_OPTIONS, memtableEntriesMax: 64, tableEntriesMax: 40, blockBytes: 256 },
  file: 'scenarios/inputs/validation-4000.txt',
  labels: [
    'wal/append',
    'wal/create',
    'flush/sst.write',
    'flush/dir.fsync',
    'manifest/rename',
    'compaction/sst.write',
    'gc/wal.unlink',
    'gc/sst.unlink',
    'recovery/unlink',
  ],
  kills: 40,
};
