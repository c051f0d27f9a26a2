import type { GalleryCulprit } from '../../harness/run/record.js';
import type { PlantedCulprit } from './patch-file.js';

/**
 * Whether the pair of steps that a failure names is one that the planted bug breaks. Numbers of steps do not count, and
 * neither does which operation was acknowledged.
 */
export function compareCulprit(
  planted: readonly PlantedCulprit[],
  named: { readonly lost: string; readonly kept: string } | undefined,
): GalleryCulprit | undefined {
  if (planted.length === 0) return undefined;
  const expected = planted.map(({ lost, before }) => `${lost} before ${before}`).join(' or ');
  if (named === undefined) return { expected, found: null, right: false };
  const lost = labelOf(named.lost);
  const before = named.kept.startsWith('the acknowledgement') ? 'acknowledgement' : labelOf(named.kept);
  const right = planted.some((pair) => pair.lost === lost && pair.before === before);
  return { expected, found: `${lost} before ${before}`, right };
}

/** `0:wal/append#3` is a step with the label `wal/append`. */
function labelOf(step: string): string {
  return step.replace(/^\d+:/, '').replace(/#\d+$/, '');
}
