import { lineAt, nodeAt, nodesAt, nodesOf, stringOf, templateParts } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';
import type { SourceFile } from './tree.ts';

export interface Import {
  /** For a template such as `./${name}.ts` the fixed beginning; null when nothing is fixed. */
  readonly specifier: string | null;
  readonly line: number;
  /** A `new URL('./x', import.meta.url)` may also name a folder or a data file. */
  readonly isUrl: boolean;
}

const DECLARATIONS = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression', 'TSImportType']);

/** Static, dynamic, type-only and re-exported imports, `require`, and worker entries. */
export function importsOf(file: SourceFile): Import[] {
  return nodesOf(file).flatMap((node) => {
    const named = importedBy(node);
    return named ? [{ specifier: specifierOf(named.source), line: lineAt(file.text, node.start), isUrl: named.isUrl }] : [];
  });
}

function importedBy(node: SyntaxNode): { source: SyntaxNode; isUrl: boolean } | null {
  const isUrl = isModuleUrl(node);
  const isCall = isUrl || isRequire(node);
  if (!isCall && !DECLARATIONS.has(node.type)) return null;
  const source = isCall ? nodesAt(node, 'arguments')[0] : nodeAt(node, 'source');
  return source ? { source, isUrl } : null;
}

function isModuleUrl(node: SyntaxNode): boolean {
  if (node.type !== 'NewExpression' || nodeAt(node, 'callee')?.['name'] !== 'URL') return false;
  const base = nodesAt(node, 'arguments')[1];
  return base?.type === 'MemberExpression' && nodeAt(base, 'object')?.type === 'MetaProperty';
}

function isRequire(node: SyntaxNode): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = nodeAt(node, 'callee');
  if (callee?.type === 'MemberExpression') {
    const isMeta = nodeAt(callee, 'object')?.type === 'MetaProperty';
    return isMeta && nodeAt(callee, 'property')?.['name'] === 'resolve';
  }
  return callee?.['name'] === 'require';
}

function specifierOf(source: SyntaxNode): string | null {
  const fixed = stringOf(source) ?? templateParts(source)?.[0] ?? null;
  return fixed === '' ? null : fixed;
}
