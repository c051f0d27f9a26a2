import { HarnessError } from '../../errors.js';
import { MODEL_NAMES, type Model } from '../model.js';
import { btrfs } from './btrfs.js';
import { ext4 } from './ext4.js';
import { ext4Writeback } from './ext4-writeback.js';
import { posix } from './posix.js';
import { xfs } from './xfs.js';

/**
 * All persistence models, in the order of MODEL_NAMES: from the weakest, which is what POSIX promises, to what single
 * file systems do. Every state of each is a state of posix.
 */
export const MODELS: readonly Model[] = [posix, ext4, ext4Writeback, xfs, btrfs];

/** The model of a name; throws a HarnessError 'unknown-name' if there is none. */
export function modelOf(name: string): Model {
  const model = MODELS.find((each) => each.name === name);
  if (model === undefined) {
    throw new HarnessError(
      'unknown-name',
      `There is no persistence model '${name}'. There are: ${MODEL_NAMES.join(', ')}.`,
    );
  }
  return model;
}
