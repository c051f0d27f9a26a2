import * as v from 'valibot';
import { historyEventSchema } from '../history/event-schema.js';
import type { HistoryEvent } from '../history/event.js';
import { byteText, type Operation, operationText } from '../workload/operation.js';

/**
 * Marks of a trace in a few words, in the order of the trace: a history event such as `ack 3 put "a" = "0.1"`, with
 * its life in front from the second one on. What is no history event is shown as it is. Everything is escaped and cut
 * to a line. It remembers what was invoked, since an answer names its operation by number only.
 */
export class MarkTexts {
  readonly #invoked = new Map<string, Operation>();

  next(text: string): string {
    const parsed = v.safeParse(historyEventSchema, jsonOf(text));
    if (!parsed.success) return byteText(text);
    const event = parsed.output;
    if (event.kind === 'invoke') this.#invoked.set(`${event.life} ${event.index}`, event.operation);
    return `${event.life === 0 ? '' : `life ${event.life}: `}${this.#text(event)}`;
  }

  #text(event: HistoryEvent): string {
    switch (event.kind) {
      case 'open':
      case 'close':
        return event.kind;
      case 'open-failed':
        return `open failed: ${byteText(event.error.code)}`;
      case 'observe':
        return `observe ${event.scan.length} pairs`;
      case 'settled':
        return `settled with ${event.files.onDisk.length} files`;
      case 'invoke':
        return `invoke ${event.index} ${operationText(event.operation).slice(0, OPERATION_LENGTH_MAX)}`;
      case 'ok':
        return `ack ${this.#operation(event)}`;
      case 'fail':
        return `fail ${this.#operation(event)}: ${byteText(event.error.code)}`;
      case 'info':
        return `open outcome ${this.#operation(event)}`;
      case 'create':
        return `made ${byteText(event.path)}`;
      case 'hang':
        return `hang in ${event.while}`;
      case 'crash':
        return `crash (${event.death.kind}), planned ${byteText(event.planned)}`;
      case 'fault':
        return `fault ${byteText(event.fault)}`;
    }
  }

  #operation({ life, index }: { readonly life: number; readonly index: number }): string {
    const operation = this.#invoked.get(`${life} ${index}`);
    return operation === undefined
      ? `${index}`
      : `${index} ${operationText(operation).slice(0, OPERATION_LENGTH_MAX)}`;
  }
}

/** A batch may hold many writes; its first ones tell it from others. */
const OPERATION_LENGTH_MAX = 200;

/** The value of a JSON text; undefined if it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
