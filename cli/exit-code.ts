import type { Verdict } from '../harness/index.js';

/** What the process answers to the shell: 0 held, 1 violated, 2 usage, 3 unknown. */
export const EXIT_USAGE = 2;
export const EXIT_UNKNOWN = 3;

export function exitCodeOf(verdict: Verdict): number {
  switch (verdict) {
    case 'held':
      return 0;
    case 'violated':
      return 1;
    case 'unknown':
      return EXIT_UNKNOWN;
  }
}
