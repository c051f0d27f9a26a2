/**
 * Looking at a database without opening it: nothing is written, locked or recovered. Over any `Vfs`; `ReadOnlyVfs` is the
 * one for a real directory.
 */
export { checkDatabase, type CheckSummary } from './check.js';
export { type DumpRange, dumpPairs } from './dump.js';
export { type Finding, findingText } from './finding.js';
export { InspectError, type InspectErrorCode } from './inspect-error.js';
export { ReadOnlyVfs } from './read-only-vfs.js';
export { type DatabaseView, openView } from './view.js';
