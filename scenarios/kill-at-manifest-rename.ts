import { type CrashScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * The rename of MANIFEST-<n>.tmp is the moment at which a flush or a compaction becomes true. Before it the old
 * version must hold in full, after it the new one: never a mixture, never none. See engine/manifest/publish.ts.
 */
export const killAtManifestRename: CrashScenario = {
  kind: 'crash',
  name: 'kill-at-manifest-rename',
  title: 'A MANIFEST publication that dies leaves the version before or the version after, whole',
  workload: { options: TINY_OPTIONS, keysMax: 10, operationsMax: 50, livesMax: 4 },
  kills: {
    kind: 'steps',
    labels: [
      'manifest/tmp.create',
      'manifest/tmp.write',
      'manifest/tmp.fsync',
      'manifest/rename',
      'manifest/dir.fsync',
      'gc/manifest.unlink',
    ],
    enumerate: { after: null },
  },
  cases: 30,
};
