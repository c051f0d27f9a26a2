import { STEP_LABELS, type StepLabel } from '../../engine/index.js';

/**
 * The sync that makes what a step did durable, by the names of the engine's steps: the data of `flush/sst.write` is
 * forced by `flush/sst.fsync`, the name made by `flush/sst.create` by `flush/dir.fsync`. Null where the engine has none.
 */
export function barrierOf(label: string): StepLabel | null {
  const name = barrierName(label);
  return STEP_LABELS.find((known) => known === name) ?? null;
}

function barrierName(label: string): string {
  const [phase = '', step = ''] = label.split('/');
  const [file = '', action] = step.split('.');
  if (label === 'wal/append' || label === 'wal/header') return 'wal/fsync';
  if (action === 'write' || action === 'truncate') return `${phase}/${file}.fsync`;
  return phase === 'open' ? 'recovery/dir.fsync' : `${phase}/dir.fsync`;
}
