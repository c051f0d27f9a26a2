/** Numbers for people: counts with thousands separators, nouns in the right number, durations in two units at most. */

/** `12345` as `12,345`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** As `countText` below a thousand million, from there `7.8e12`; for numbers of which only the size matters. */
export function hugeText(count: number): string {
  if (count < 1e9) return countText(count);
  return Number.isFinite(count) ? count.toExponential(1).replace('+', '') : 'more than 1.7e308';
}

/** `1 kill`, `2 kills`; `plural` is needed only where an `s` does not do. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${countText(count)} ${count === 1 ? noun : plural}`;
}

/** `412 ms`, `3.2 s`, `4 min 12 s`, `2 h 5 min`. */
export function durationText(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1_000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${countText(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}
