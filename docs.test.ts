/**
 * The documents are run: commands, code, links, names of files and exit codes of README.md and docs/*.md.
 *
 *     ```sh            each line is a command; `# exits with 1` says how it ends, otherwise with 0
 *     ```text output   what the commands of the block before print; `…` stands for anything
 *     ```ts            compiles and runs against dist/
 *
 * CONTRIBUTING.md and CHANGELOG.md are only searched for names. The commands run in a temporary directory.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT_UNKNOWN, EXIT_USAGE, exitCodeOf } from './cli/exit-code.js';
import { VIOLATION_KINDS } from './harness/checker/verdict.js';
import { loadGallery } from './scenarios/gallery/index.js';
import { SCENARIOS } from './scenarios/index.js';

const ROOT = import.meta.dirname;
const PAGES = readdirSync(join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const RUN_PAGES = ['README.md', ...PAGES];
const ALL_PAGES = [...RUN_PAGES, 'CONTRIBUTING.md', 'CHANGELOG.md'];

/** Commands that are shown and not run here, with the reason. May only hold what another test covers. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'npm ci && npm start': 'installs packages and plays every scenario, a minute',
  'npm ci && npm test': 'would run this test again',
  'npx ninelives gallery replay-newest-wal-only --seed 3 --sound-kills 0':
    'shrinks what it finds for longer than a page may take; scenarios/gallery/index.test.ts catches each bug',
  'npx ninelives replay out/failures/kill-in-flush-1.json': 'stands for a failure of the reader',
  'npx ninelives replay out/failures/kill-in-flush-1.json --json': 'stands for a failure of the reader',
};
/** For a machine that has much else to do; most commands end within a second. */
const COMMAND_LIMIT_MS = 150_000;
const PAGE_LIMIT_MS = 3 * COMMAND_LIMIT_MS;
const FENCE = /^```(.*)\n([\s\S]*?)^```$/gm;

interface Block {
  readonly page: string;
  /** What stands behind the three backticks. */
  readonly language: string;
  readonly text: string;
}

const blocks = RUN_PAGES.flatMap(blocksOf);
let place: string;

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'ninelives-docs-'));
});
afterAll(() => {
  rmSync(place, { recursive: true, force: true });
});

describe('commands', () => {
  const shells = blocks.flatMap((block, index) =>
    block.language === 'sh' ? [{ block, output: blocks[index + 1] }] : [],
  );

  test.each(shells)('$block.page: $block.text', { timeout: PAGE_LIMIT_MS }, ({ block, output }) => {
    const printed = commandsOf(block.text).map(runCommand).join('');
    if (output?.language === 'text output') expect(printed).toMatch(patternOf(output.text));
  });

  test('every command that is not run is still shown', () => {
    const shown = shells.flatMap(({ block }) => commandsOf(block.text).map(({ command }) => command));
    expect(Object.keys(NOT_RUN).filter((command) => !shown.includes(command))).toEqual([]);
  });
});

test('the code of the pages compiles and runs', () => {
  const folder = join(ROOT, 'out', `docs-test-${process.pid}`);
  const sources = blocks
    .filter(({ language }) => language === 'ts')
    .map(({ text }, index) => ({ path: join(folder, `${index}.mts`), text }));
  expect(sources.length).toBeGreaterThan(0);
  mkdirSync(folder, { recursive: true });
  try {
    for (const { path, text } of sources) writeFileSync(path, text);
    const paths = sources.map(({ path }) => path);
    const program = ts.createProgram(paths, { ...COMPILER, outDir: folder, rootDir: folder });
    const { diagnostics } = program.emit();
    expect(
      [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(({ messageText }) =>
        ts.flattenDiagnosticMessageText(messageText, '\n'),
      ),
    ).toEqual([]);
    for (const path of paths) {
      const cwd = mkdtempSync(join(place, 'code-'));
      execFileSync(process.execPath, [path.replace(/\.mts$/, '.mjs')], { cwd, timeout: COMMAND_LIMIT_MS });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each(ALL_PAGES)('%s: every link of the repository leads somewhere', (page) => {
  const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)]
    .map(([, link, source]) => link ?? source ?? '')
    .filter((target) => !/^(https?:|#)/.test(target))
    .map((target) => join(dirname(page), target.replace(/#.*$/, '')));
  expect(targets.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
});

test.each(ALL_PAGES)('%s: every file that it names is there', (page) => {
  const paths = [...withoutBlocks(read(page)).matchAll(/`([^`\n]+)`/g)]
    .flatMap(([, code]) => code?.split(/\s+/) ?? [])
    .filter((word) => isRepositoryPath(word));
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('the exit codes of the README are those of the command', () => {
  const rows = [...read('README.md').matchAll(/^\| (\d) \| (\w+):/gm)].map(([, code, name]) => [
    name,
    Number(code),
  ]);
  expect(rows).toEqual([
    ['held', exitCodeOf('held')],
    ['violated', exitCodeOf('violated')],
    ['usage', EXIT_USAGE],
    ['unknown', EXIT_UNKNOWN],
  ]);
});

test('the README lists the scenarios and the planted bugs as they are', () => {
  const rows = [...read('README.md').matchAll(/^\| `([^`]+)` \|.*?\| *([^|]*?) *\|$|^\| `([^`]+)` \|/gm)];
  const names = rows.map(([, first, , other]) => first ?? other);
  for (const { name } of SCENARIOS) expect(names).toContain(name);
  for (const { id, caughtBy } of loadGallery()) {
    expect(rows.find(([, name]) => name === id)?.[2]).toBe(caughtBy.join(', '));
  }
});

test('every kind of violation is in the table of how-it-works.md', () => {
  const rows = [...read('docs/how-it-works.md').matchAll(/^\|[^|]+\| `([a-z-]+)` \|/gm)].map(
    ([, kind]) => kind,
  );
  expect(rows).toEqual([...VIOLATION_KINDS]);
});

const COMPILER: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  strict: true,
  skipLibCheck: true,
};

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function blocksOf(page: string): readonly Block[] {
  return [...read(page).matchAll(FENCE)].map(([, language = '', text = '']) => ({ page, language, text }));
}

function withoutBlocks(text: string): string {
  return text.replace(FENCE, '');
}

interface ShownCommand {
  readonly command: string;
  readonly exitCode: number;
}

function commandsOf(text: string): readonly ShownCommand[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [, command = line, code = '0'] = /^(.*?) +# exits with (\d)$/.exec(line) ?? [];
      return { command, exitCode: Number(code) };
    });
}

/** Runs a command on the build and gives what it printed; nothing for one that is not run. */
function runCommand({ command, exitCode }: ShownCommand): string {
  if (command in NOT_RUN) return '';
  const [npx, name, ...words] = command.split(' ');
  expect([npx, name], `${command}: run it or add it to NOT_RUN`).toEqual(['npx', 'ninelives']);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'cli/ninelives.mjs'), ...words],
    { cwd: place, encoding: 'utf8', timeout: COMMAND_LIMIT_MS, env: { ...process.env, NO_COLOR: '1' } },
  );
  expect(status, `${command}\n${stdout}\n${stderr}`).toBe(exitCode);
  return stdout;
}

function patternOf(output: string): RegExp {
  const parts = output
    .trim()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}\\s*$`);
}

/** Names of files of ours; not step labels, files of a database, places for output, or patterns of names. */
function isRepositoryPath(word: string): boolean {
  if (!/^[\w.-]+\/[\w./-]*$/.test(word) || word.startsWith('out/') || word.startsWith('dist/')) return false;
  return (
    /^(engine|harness|scenarios|reports|cli|bench|docs)\//.test(word) || /\.(ts|mjs|md|svg|patch)$/.test(word)
  );
}
