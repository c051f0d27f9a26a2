import type { Writable } from 'node:stream';

/** Prints text no faster than it is taken; resolves with false when nobody reads any more, as behind `| head`. */
export function printer(output: Writable): (text: string) => Promise<boolean> {
  let gone = false;
  let wake = () => undefined as void;
  const onGone = () => {
    gone = true;
    wake();
  };
  output.on('error', onGone).on('close', onGone);
  return async (text) => {
    if (text === '' || gone || output.write(text)) return !gone;
    await new Promise<void>((resolve) => {
      wake = resolve;
      output.once('drain', resolve);
    });
    return !gone;
  };
}
