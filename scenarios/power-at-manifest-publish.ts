import { ALL_MODELS, type PowerScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * The rename decides what the database is. What it names must be durable before it, and it must be durable before what
 * only the old MANIFEST names is deleted.
 */
export const powerAtManifestPublish: PowerScenario = {
  kind: 'power',
  name: 'power-at-manifest-publish',
  title:
    'After a power loss the MANIFEST is the old one or the new one, whole, and all that it names is there',
  workload: { options: TINY_OPTIONS, keysMax: 10, operationsMin: 8, operationsMax: 40, livesMax: 1 },
  labels: [
    'manifest/tmp.create',
    'manifest/tmp.write',
    'manifest/tmp.fsync',
    'manifest/rename',
    'manifest/dir.fsync',
  ],
  models: ALL_MODELS,
  cases: 8,
};
