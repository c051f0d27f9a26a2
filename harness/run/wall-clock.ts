/** The machine's clock, for the parts of a record that say when and how long. Nothing is decided by it. */
export interface WallClock {
  /** ISO 8601, UTC. */
  now(): string;
  /** Milliseconds, from any fixed point. */
  monotonicMs(): number;
}

export const WALL_CLOCK: WallClock = {
  now: () => new Date().toISOString(),
  monotonicMs: () => performance.now(),
};
