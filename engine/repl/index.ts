/** The door of the REPL: everything that may be used from outside of `engine/repl/`. */
export { ReplError, type ReplErrorCode } from './errors.js';
export type { Session } from './execute.js';
export { runScript, type ScriptEnd } from './script.js';
export { runTerminal } from './terminal.js';
