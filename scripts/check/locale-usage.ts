import { lineAt, nodeAt, nodesAt, nodesOf, stringOf, templateParts } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';
import type { Locales, Texts } from './locales.ts';
import { pluralBase } from './plurals.ts';
import type { SourceFile } from './tree.ts';
import { nestedKeysIn } from './wording-of-texts.ts';

/** One place in the code that names a key, whole or with holes. */
interface Mention {
  readonly place: string;
  readonly parts: readonly string[];
  /** A call needs its key, a string that looks like a key most likely does; any other may happen to be one. */
  readonly likelihood: 'certain' | 'likely' | 'possible';
}

const FAILURES = 'failures:';
const REASONS = 'why:';
/** Failures and reasons travel without their namespace, which is added where they are shown. */
const BARE_NAMESPACES = [FAILURES, REASONS];
const KEY = /^[a-z][\w-]*:[\w-]+(?:\.[\w-]+)*$/;
const REASON_KEY = /^[a-z][a-z_]*\./;

export function localeUsageProblems(sources: readonly SourceFile[], locales: Locales): string[] {
  const english = locales.get('en') ?? new Map<string, string>();
  const keys = [...new Set([...english.keys()].map(withoutCategory))];
  const mentions = [...sources.flatMap(mentionsIn), ...nestedMentions(english)].filter((mention) => isAboutTexts(mention, keys));
  const used = new Set(mentions.filter(isUse).flatMap((mention) => keys.filter((key) => matches(mention, key))));
  const unknown = mentions.filter((mention) => !keys.some((key) => matches(mention, key)));
  return [
    ...new Set(unknown.map(describeUnknown)),
    ...keys.filter((key) => !used.has(key)).map((key) => `locales: ${key} is used nowhere`),
  ];
}

function mentionsIn(file: SourceFile): Mention[] {
  return file.path.endsWith('.hbs') ? templateMentions(file) : codeMentions(file);
}

function codeMentions(file: SourceFile): Mention[] {
  return nodesOf(file).flatMap((node) =>
    [...certainMentions(node), ...stringMentions(node)].map((mention) => ({
      ...mention,
      place: `${file.path}:${lineAt(file.text, node.start)}`,
    })),
  );
}

function certainMentions(node: SyntaxNode): Omit<Mention, 'place'>[] {
  const prefix = keyPrefixOf(node);
  const named = prefix === null ? reasonKeyOf(node) : nodesAt(node, 'arguments')[0];
  return outcomesOf(named).flatMap((outcome) => {
    const parts = partsOf(outcome);
    const isKey = parts !== null && (prefix !== null || REASON_KEY.test(parts[0] ?? ''));
    return isKey ? [{ parts: prefixed(prefix ?? REASONS, parts), likelihood: 'certain' }] : [];
  });
}

function stringMentions(node: SyntaxNode): Omit<Mention, 'place'>[] {
  const parts = partsOf(node);
  if (!parts) return [];
  if (isKeyLike(parts)) return [{ parts, likelihood: 'likely' }];
  if (!(parts[0] ?? '').includes('.')) return [];
  return BARE_NAMESPACES.map((namespace) => ({ parts: prefixed(namespace, parts), likelihood: 'possible' }));
}

function prefixed(prefix: string, [start = '', ...rest]: readonly string[]): string[] {
  return [prefix + start, ...rest];
}

/** A reason is written `{ key: 'hold.greeting', params }`. */
function reasonKeyOf(node: SyntaxNode): SyntaxNode | null {
  if (node.type !== 'ObjectExpression') return null;
  const properties = nodesAt(node, 'properties');
  const names = properties.map((property) => nodeAt(property, 'key')?.['name']);
  const isReason = names.includes('key') && names.every((name) => name === 'key' || name === 'params');
  return isReason ? nodeAt(properties[names.indexOf('key')] ?? node, 'value') : null;
}

/** `t('ns:key')` and `desk.t('ns:key')` name their key whole, `new Failure('x.y')` without its namespace, and so `reason('x')`. */
function keyPrefixOf(node: SyntaxNode): string | null {
  const callee = nodeAt(node, 'callee');
  if (!callee) return null;
  if (node.type === 'NewExpression') return callee['name'] === 'Failure' ? FAILURES : null;
  if (node.type !== 'CallExpression') return null;
  const name = callee.type === 'MemberExpression' ? nodeAt(callee, 'property')?.['name'] : callee['name'];
  if (name === 'reason') return REASONS;
  return name === 't' ? '' : null;
}

/** What an argument can turn out to be: both arms of a choice. */
function outcomesOf(node: SyntaxNode | null | undefined): SyntaxNode[] {
  if (!node) return [];
  if (node.type === 'ConditionalExpression') return [...outcomesOf(nodeAt(node, 'consequent')), ...outcomesOf(nodeAt(node, 'alternate'))];
  if (node.type === 'LogicalExpression') return [...outcomesOf(nodeAt(node, 'left')), ...outcomesOf(nodeAt(node, 'right'))];
  if (node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression') return outcomesOf(nodeAt(node, 'expression'));
  return [node];
}

function partsOf(node: SyntaxNode): string[] | null {
  const whole = stringOf(node);
  return whole === null ? templateParts(node) : [whole];
}

/** A template such as `mail:${id}` is no key: only fixed words behind the colon make it one. */
function isKeyLike(parts: readonly string[]): boolean {
  return KEY.test(parts.join('x')) && /^[a-z][\w-]*:[\w-]/.test(parts[0] ?? '');
}

function templateMentions({ path, text }: SourceFile): Mention[] {
  return [...text.matchAll(/[({\s]t\s+(["'])([^"']+)\1/g)].map(({ 2: key = '', index }) => ({
    place: `${path}:${lineAt(text, index)}`,
    parts: [key],
    likelihood: 'certain',
  }));
}

function nestedMentions(texts: Texts): Mention[] {
  return [...texts].flatMap(([key, text]) =>
    nestedKeysIn(text).map((nested) => ({ place: `locales: ${key}`, parts: [nested], likelihood: 'certain' })),
  );
}

/** Slack's scopes look like keys too: a string outside a call is one only in a namespace of ours and with a dot. */
function isAboutTexts(mention: Mention, keys: readonly string[]): boolean {
  const { parts, likelihood } = mention;
  if (likelihood === 'certain' || keys.some((key) => matches(mention, key))) return true;
  const [start = ''] = parts;
  const namespace = start.slice(0, start.indexOf(':') + 1);
  return likelihood === 'likely' && parts.join('').includes('.') && keys.some((key) => key.startsWith(namespace));
}

/** Showing whatever failure has come names every failure at once, and so uses none. */
function isUse({ parts }: Mention): boolean {
  return parts.length === 1 || !BARE_NAMESPACES.includes(parts[0] ?? '');
}

function matches({ parts }: Pick<Mention, 'parts'>, key: string): boolean {
  const [start = '', ...rest] = parts;
  if (rest.length === 0) return key === start;
  if (!start.includes(':') || !key.startsWith(start)) return false;
  let at = start.length;
  for (const part of rest) {
    const found = key.indexOf(part, at + 1);
    if (found < 0) return false;
    at = found + part.length;
  }
  return rest.at(-1) === '' || key.endsWith(rest.at(-1) ?? '');
}

function describeUnknown({ place, parts }: Mention): string {
  const shown = parts.join('…');
  if (!shown.includes(':')) return `${place} "${shown}" names no namespace (write namespace:key)`;
  return parts[0] === '' ? `${place} "${shown}" begins with a hole, so it cannot be checked` : `${place} "${shown}" is in no locale`;
}

function withoutCategory(key: string): string {
  return pluralBase(key)?.base ?? key;
}
