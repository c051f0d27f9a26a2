import type { OpenRequest, Request } from '../driver/protocol.js';
import type { Ending } from '../faults/ending.js';
import type { CrashCase, Life } from '../workload/case.js';

/** Everything that an engine is asked in one life, in order: open, observe, the operations, the end. */
export function requestsOf(
  crashCase: CrashCase,
  life: Life,
  ending: Ending,
  directory: string,
  keys: readonly string[],
  trace?: OpenRequest['trace'],
): readonly Request[] {
  const { options, seed } = crashCase;
  const mode = ending.kind === 'kill-after-ms' ? 'real-time' : 'exact';
  const close =
    ending.kind === 'close' || (ending.kind === 'kill-at-step' && ending.label.startsWith('close/'));
  return [
    {
      kind: 'open',
      directory,
      options,
      seed,
      mode,
      completions: life.completions ?? [],
      end: life.end,
      ...(trace === undefined ? {} : { trace }),
    },
    { kind: 'observe', keys },
    ...life.operations.map(({ operation, overlap, turns }, index): Request => ({
      kind: 'operation',
      index,
      operation,
      overlap: overlap ?? false,
      turns: turns ?? [],
    })),
    { kind: 'end', close },
  ];
}
