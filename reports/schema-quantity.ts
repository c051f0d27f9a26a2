/** Ranges of the numbers in a run record. JSON has no integers and turns 1e999 into Infinity, so each is checked. */
import * as v from 'valibot';

const SEED_MAX = 2 ** 32 - 1;

/** A whole number from 0 to 2^53 - 1: counts, indexes, bytes. */
export const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Milliseconds, 0 or more, fractions allowed. */
export const durationMsSchema = v.pipe(v.number(), v.finite(), v.minValue(0));

/** 32 bits: 0 to 2^32 - 1. */
export const seedSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(SEED_MAX));
