import { createLogUpdate } from 'log-update';
import type { RunProgress } from '../harness/run/progress.js';

/**
 * Progress on stderr: one line that is redrawn on a terminal, a heartbeat every ten seconds elsewhere. Machines
 * read stdout and never see it.
 */
export function progressReporter(stream: NodeJS.WriteStream, nowMs: () => number): ProgressReporter {
  const startMs = nowMs();
  const live = stream.isTTY && process.env['CI'] === undefined;
  const redraw = createLogUpdate(stream);
  let lastMs = live ? -Infinity : startMs;
  return {
    show(text) {
      const now = nowMs();
      if (now - lastMs < (live ? REDRAW_MS : HEARTBEAT_MS)) return;
      lastMs = now;
      const line = `${String(Math.round((now - startMs) / 1_000)).padStart(4)} s  ${text}`;
      if (live) redraw(line.slice(0, Math.max(20, (stream.columns || 80) - 1)));
      else stream.write(`${line}\n`);
    },
    done() {
      if (live) redraw.clear();
    },
  };
}

export interface ProgressReporter {
  show(text: string): void;
  /** Takes the live line away. */
  done(): void;
}

const REDRAW_MS = 100;
const HEARTBEAT_MS = 10_000;

/** `kill-in-flush 3/7  exploring 12/15  kills 184  violations 0`. */
export function progressText(progress: RunProgress): string {
  const { scenario, done, of, stage, jobsDone, jobs, kills, failures, states } = progress;
  const found = failures > 0 ? `  VIOLATED, ${stage}` : '';
  const struck = states === undefined ? `${kills} kills` : `${states} crash states`;
  return `${scenario} (${Math.min(done + 1, of)} of ${of})  ${stage} ${jobsDone}/${jobs}  ${struck}${found}`;
}
