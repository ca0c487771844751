import { parseAst } from 'rolldown/parseAst';
import type { SourceFile } from './tree.ts';

export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** Several gates read the same file; it is parsed once. */
const known = new WeakMap<SourceFile, readonly SyntaxNode[]>();

/** Every node of a file, in source order. */
export function nodesOf(file: SourceFile): readonly SyntaxNode[] {
  const nodes = known.get(file) ?? [...nodesIn(parse(file))];
  known.set(file, nodes);
  return nodes;
}

function parse({ path, text }: SourceFile): SyntaxNode {
  const program: unknown = parseAst(text, { lang: path.endsWith('.js') ? 'js' : 'ts' }, path);
  if (!isNode(program)) throw new Error(`${path} could not be parsed`);
  return program;
}

function* nodesIn(root: SyntaxNode): Generator<SyntaxNode> {
  const waiting = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node;
    waiting.push(...childrenOf(node).toReversed());
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

export function nodeAt(node: SyntaxNode, key: string): SyntaxNode | null {
  const value = node[key];
  return isNode(value) ? value : null;
}

export function nodesAt(node: SyntaxNode, key: string): SyntaxNode[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function stringOf(node: SyntaxNode | null): string | null {
  if (node?.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  const parts = node && templateParts(node);
  return parts?.length === 1 ? (parts[0] ?? null) : null;
}

/** The fixed pieces of a template literal; the holes lie between them. */
export function templateParts(node: SyntaxNode): string[] | null {
  if (node.type !== 'TemplateLiteral') return null;
  return nodesAt(node, 'quasis').map((quasi) => {
    const { value } = quasi;
    return typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string' ? value.cooked : '';
  });
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []));
}
