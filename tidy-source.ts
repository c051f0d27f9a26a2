/**
 * Reads the sources of the repository for tidy.test.ts: who imports whom, what a file opens with, what it uses.
 * The TypeScript parser does the reading; types are not resolved.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One import of a file, however it is written. */
export interface Import {
  readonly line: number;
  /** A package, or a path from the repository's root. */
  readonly target: string;
  /** Erased by the compiler. */
  readonly typeOnly: boolean;
  /** Names that are imported; empty for a whole module. */
  readonly names: readonly string[];
}

/** A file with what the rules want to know of it. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** A test, or a file that is there for tests only (`x-test-y.ts`). */
  readonly isTest: boolean;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
}

/** Paths of all sources under a folder, sorted; none if there is no such folder. */
export function pathsUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(isSource)
    .map((path) => join(folder, path))
    .sort();
}

/** True for .ts and .tsx files that people write. */
export function isSource(path: string): boolean {
  return /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !path.includes('node_modules');
}

/** Parses a file; `text` is what stands in it. */
export function readSource(path: string, text = readFileSync(path, 'utf8')): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  return { path, text, isTest: isForTests(path), tree, imports: importsOf(tree) };
}

/** True for tests, and for files that are there for tests only (`x-test-y.ts`). */
export function isForTests(path: string): boolean {
  return /(\.test|-test-[^/]+)\.tsx?$/.test(path);
}

/** The folder at the root of the repository. */
export function folderOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** Each cycle once, as `a -> b -> a`: depth first, a cycle closes where a path meets itself. */
export function cyclesOf(targets: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' -> '));
    if (start >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) walk(path, []);
  return cycles;
}

/** A comment of at least three words before the imports, or before the first statement that is not an import. */
export function opensWithProse(tree: ts.SourceFile): boolean {
  const first =
    tree.statements.find((statement) => !ts.isImportDeclaration(statement)) ?? tree.endOfFileToken;
  const comments = [0, first.getFullStart()].flatMap(
    (start) => ts.getLeadingCommentRanges(tree.text, start) ?? [],
  );
  return comments
    .map(({ pos, end }) => tree.text.slice(pos, end))
    .some((comment) => !comment.includes('eslint-') && (comment.match(/[A-Za-z]{2,}/g) ?? []).length >= 3);
}

/** `line uses Date.now` for each use of the wall clock or of unseeded randomness. */
export function impuritiesOf(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  visit(tree, (node) => {
    const used = ts.isPropertyAccessExpression(node) || ts.isNewExpression(node) ? node.getText(tree) : '';
    const [banned] = /^(Math\.random|Date\.now|performance\.now|new Date)\b/.exec(used) ?? [];
    if (banned !== undefined) found.push(`${lineOf(tree, node)} uses ${banned}`);
  });
  return found;
}

/** Static imports, exports from elsewhere, `import('...')` calls and `import('...')` types. */
function importsOf(tree: ts.SourceFile): Import[] {
  const imports: Import[] = [];
  visit(tree, (node) => {
    const found = importOf(node);
    if (found === undefined || !ts.isStringLiteralLike(found.from)) return;
    const target = resolved(tree.fileName, found.from.text);
    imports.push({ line: lineOf(tree, node), target, typeOnly: found.typeOnly, names: found.names });
  });
  return imports;
}

function importOf(node: ts.Node): { from: ts.Node; typeOnly: boolean; names: string[] } | undefined {
  if (ts.isImportDeclaration(node)) {
    const bindings = node.importClause?.namedBindings;
    const names = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
    return {
      from: node.moduleSpecifier,
      typeOnly: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
      names: names
        .filter(({ isTypeOnly }) => !isTypeOnly)
        .map((name) => (name.propertyName ?? name.name).text),
    };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { from: node.moduleSpecifier, typeOnly: node.isTypeOnly, names: [] };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { from: node.argument.literal, typeOnly: true, names: [] };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [from] = node.arguments;
    return from === undefined ? undefined : { from, typeOnly: false, names: [] };
  }
  return undefined;
}

/** A relative `./x.js` as the path of the source behind it, x.ts or x.tsx; a package as it is. */
function resolved(importer: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const path = join(importer, '..', specifier);
  const sources = ['.ts', '.tsx'].map((end) => path.replace(/\.jsx?$/, end));
  return sources.find((source) => existsSync(source)) ?? path;
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

function lineOf(tree: ts.SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}
