import type { Command } from 'commander';
import { loadHashes } from '../../engine/index.js';
import { count, jsonLine, nameText } from '../../engine/inspect/byte-text.js';
import { checkDatabase, type CheckSummary } from '../../engine/inspect/check.js';
import { type Finding, findingJson, findingText } from '../../engine/inspect/finding.js';
import { locateDirectory } from '../../engine/inspect/locate.js';
import { openView } from '../../engine/inspect/view.js';
import type { Hashes } from '../../engine/table/hashes.js';
import { wholeNumber } from '../options.js';
import { EXIT_FAULT, printLines } from './print-lines.js';

/**
 * `ninelives kv check DIR`: everything about a database that can be verified without recovering it. A line for each
 * finding and one for the whole; exit code 0 if it is sound, 1 if there is a fault.
 */
export function addCheckCommand(kv: Command): void {
  kv.command('check')
    .description('verify every byte of a database that can be verified without recovering it')
    .argument('<dir>', 'a database')
    .option('--json', 'print NDJSON instead of text')
    .option(
      '--max <n>',
      'findings that are printed; all are counted',
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
      1_000,
    )
    .action(async (path: string, options: Options) => {
      const hashes = await loadHashes();
      await printLines(check(path, options, hashes));
    });
}

interface Options {
  readonly json?: true;
  readonly max: number;
}

function* check(path: string, { json, max }: Options, hashes: Hashes): Generator<string, number> {
  const counts = { fault: 0, warning: 0, note: 0 };
  let printed = 0;
  const view = openView(locateDirectory(path));
  try {
    const findings = checkDatabase(view, hashes);
    let step = findings.next();
    for (; step.done !== true; step = findings.next()) {
      counts[step.value.kind]++;
      if (printed++ < max) yield json === true ? findingJson(step.value) : findingText(step.value);
    }
    const hidden = Math.max(0, printed - max);
    yield json === true
      ? summaryJson(counts, hidden, step.value)
      : summaryText(path, counts, hidden, step.value);
  } finally {
    view.close();
  }
  return counts.fault > 0 ? EXIT_FAULT : 0;
}

type Counts = Readonly<Record<Finding['kind'], number>>;

function summaryText(path: string, counts: Counts, hidden: number, summary: CheckSummary): string {
  const { tables, blocks, entries, wals, records } = summary;
  const found = [count(counts.fault, 'fault'), count(counts.warning, 'warning'), count(counts.note, 'note')];
  const read = [
    `${count(tables, 'table')} (${count(blocks, 'block')}, ${count(entries, 'entry', 'entries')})`,
    `${count(wals, 'WAL')} (${count(records, 'record')})`,
  ];
  const lines = [
    `${counts.fault === 0 ? 'sound' : 'NOT SOUND'}: ${nameText(Buffer.from(path).toString('latin1'))}: ${found.join(', ')}; read ${read.join(' and ')}`,
  ];
  return (hidden > 0 ? [`${count(hidden, 'finding')} more, not printed; see --max`, ...lines] : lines).join(
    '\n',
  );
}

function summaryJson(counts: Counts, hidden: number, summary: CheckSummary): string {
  const { fault: faults, warning: warnings, note: notes } = counts;
  return jsonLine({ kind: 'summary', sound: faults === 0, faults, warnings, notes, hidden, ...summary });
}
