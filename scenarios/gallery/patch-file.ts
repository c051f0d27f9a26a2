/**
 * A planted bug as a file: header lines, an empty line, and a unified diff against the engine's sources.
 *
 *     id: ack-before-wal
 *     what: One sentence on what the engine does wrong.
 *     resembles: etcd#14370 (22)
 *     caught-by: lost, stale-read
 *     scenario: kill-in-wal-append
 *     culprit: flush/sst.write before manifest/rename, flush/sst.write before acknowledgement   (may be left out)
 *
 *     --- a/engine/wal/writer.ts
 *     +++ b/engine/wal/writer.ts
 *     ...
 *
 * Each header line stands once, in any order; `culprit` only where an order of steps is broken. `git apply` reads the file, too. The diff is not looked into here.
 */
import { STEP_LABELS } from '../../harness/index.js';
import { VIOLATION_KINDS, type ViolationKind } from '../../harness/checker/verdict.js';
import { PatchError } from '../../harness/targets/patch-error.js';

export interface PlantedBug {
  /** Also the name of the file, without `.patch`. */
  readonly id: string;
  /** One sentence: what the engine does wrong. */
  readonly what: string;
  /** Real bugs with the same mistake, as `engine#issue (number of the pattern)`, separated by commas. */
  readonly resembles: string;
  /** It counts as caught if a violation of one of these kinds is found; at least one. */
  readonly caughtBy: readonly ViolationKind[];
  /** Name of the scenario that must find it. */
  readonly scenario: string;
  /**
   * For a bug of order, the pairs of steps that it breaks, any of which a failure may name: what must be durable, and
   * before what (a step, or 'acknowledgement'). Empty for other bugs.
   */
  readonly culprits: readonly PlantedCulprit[];
  /** Unified diff, from its first `---` to the end of the file. */
  readonly diff: string;
}

export interface PlantedCulprit {
  /** Label of the change that may be lost: `flush/sst.write`. */
  readonly lost: string;
  /** Label of the step that must not survive without it, or 'acknowledgement'. */
  readonly before: string;
}

/** Reads `<id>.patch`. Throws PatchError 'bad-header' or 'bad-diff', which name `file` and what is expected. */
export function parsePatchFile(file: string, text: string): PlantedBug {
  const start = text.search(/^--- /m);
  if (start < 0) {
    throw new PatchError(
      'bad-diff',
      file,
      `Expected a unified diff after the header of ${file}, found none.`,
    );
  }
  const header = readHeader(file, text.slice(0, start));
  const id = valueOf(file, header, 'id');
  if (`${id}.patch` !== file) {
    throw badHeader(file, `the id to be the name of the file, ${file.replace(/\.patch$/, '')}, got ${id}`);
  }
  return {
    id,
    what: valueOf(file, header, 'what'),
    resembles: valueOf(file, header, 'resembles'),
    caughtBy: readKinds(file, valueOf(file, header, 'caught-by')),
    scenario: valueOf(file, header, 'scenario'),
    culprits: readCulprits(file, header.get('culprit')),
    diff: text.slice(start),
  };
}

const FIELDS = ['id', 'what', 'resembles', 'caught-by', 'scenario', 'culprit'] as const;
type Field = (typeof FIELDS)[number];

function readHeader(file: string, text: string): ReadonlyMap<Field, string> {
  const header = new Map<Field, string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [, name, value] = /^([a-z-]+):\s*(\S.*?)\s*$/.exec(line) ?? [];
    const field = FIELDS.find((candidate) => candidate === name);
    if (field === undefined || value === undefined) {
      throw badHeader(
        file,
        `line ${index + 1} to be one of ${FIELDS.join(', ')}, a colon and a value, got ${JSON.stringify(line)}`,
      );
    }
    if (header.has(field)) throw badHeader(file, `one line "${field}:", line ${index + 1} is another`);
    header.set(field, value);
  }
  return header;
}

function valueOf(file: string, header: ReadonlyMap<Field, string>, field: Field): string {
  const value = header.get(field);
  if (value === undefined) throw badHeader(file, `a line "${field}:", found none`);
  return value;
}

function readKinds(file: string, text: string): readonly ViolationKind[] {
  return text.split(',').map((part) => {
    const kind = VIOLATION_KINDS.find((candidate) => candidate === part.trim());
    if (kind !== undefined) return kind;
    throw badHeader(
      file,
      `caught-by to name kinds of violation (${VIOLATION_KINDS.join(', ')}), got ${JSON.stringify(part.trim())}`,
    );
  });
}

function readCulprits(file: string, text: string | undefined): readonly PlantedCulprit[] {
  if (text === undefined) return [];
  const known = [...STEP_LABELS, 'acknowledgement'];
  return text.split(',').map((part) => {
    const [, lost = '', before = ''] = /^\s*(\S+) before (\S+)\s*$/.exec(part) ?? [];
    if (known.includes(lost) && known.includes(before)) return { lost, before };
    throw badHeader(
      file,
      `culprit to be "<step> before <step or acknowledgement>", got ${JSON.stringify(part.trim())}`,
    );
  });
}

function badHeader(file: string, expected: string): PatchError {
  return new PatchError('bad-header', file, `In the header of ${file}: expected ${expected}.`);
}
