/** The door of the HTTP server: everything that may be used from outside of `engine/http/`. */
export { HttpError, type HttpErrorCode } from './errors.js';
export { DEFAULT_HTTP_OPTIONS, HTTP_LIMITS, type HttpOptions, resolveHttpOptions } from './options.js';
export { type HttpServer, startServer } from './server.js';
