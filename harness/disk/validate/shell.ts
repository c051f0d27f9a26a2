/**
 * Programs that the validation runs, through zx. It is loaded only here and only when it is needed, because it is no
 * dependency of the installed package.
 */
export async function loadShell(): Promise<Shell | undefined> {
  try {
    const { $ } = await import('zx');
    // Ctrl-C signals the whole foreground group: a mount that dies half-way would be there with nobody to undo it.
    const quiet = $({ quiet: true, detached: true });
    return async (command) => (await quiet`${command}`).stdout.trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Runs a program with its arguments; answers what it wrote to stdout, trimmed. Throws if it fails. */
export type Shell = (command: readonly string[]) => Promise<string>;
