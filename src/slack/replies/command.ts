import { type Block, type Document, type Inline, documentText } from '#text/document.ts';
import { isBlank } from './cells.ts';
import { plainWord } from './fold.ts';
import { DURATION_UNITS, PRIORITY_WORDS, STATUS_WORDS, VERB_WORDS } from './words/verbs.ts';

export type Verb = keyof typeof VERB_WORDS;
export type CommandStatus = keyof typeof STATUS_WORDS;
export type CommandPriority = keyof typeof PRIORITY_WORDS;

export interface CommandArguments {
  /** Everything after the verb, mentions as names; after an unknown verb, everything. */
  text: string;
  words: string[];
  /** People and groups mentioned after the bot, in order. */
  userIds: string[];
  groupIds: string[];
  /** The rest as written, for a note or a macro's text. */
  document: Document;
}

export interface Command {
  verb: Verb | 'unknown';
  args: CommandArguments;
}

const VERBS = lookup<Verb>(VERB_WORDS);
const STATUSES = lookup<CommandStatus>(STATUS_WORDS);
const PRIORITIES = lookup<CommandPriority>(PRIORITY_WORDS);
const UNITS = new Map<string, number>(
  DURATION_UNITS.flatMap(({ minutes, words }) => words.map((word) => [plainWord(word), minutes] as const)),
);
const MAX_SNOOZE_MINUTES = 366 * 1_440;

/** `@Tiketti verb …` at the very start of a message, or null. The bot named later is a mention like any other. */
export function readCommand(document: Document, botSlackId: string): Command | null {
  const rest = afterBot(document.blocks, botSlackId);
  if (rest === null) return null;
  const whole = documentText({ blocks: rest }).trim();
  const first = /^[\s:,]*(\S+)/.exec(whole)?.[1] ?? '';
  const verb = first === '' ? 'help' : verbOf(first);
  return { verb: verb ?? 'unknown', args: argumentsOf(verb && first !== '' ? withoutFirstWord(rest) : rest) };
}

/** What `/ticket` and its like were asked, in any of our languages. */
export function parseCommandText(text: string): { verb: Verb | 'unknown'; rest: string } {
  const trimmed = text.trim();
  if (trimmed === '') return { verb: 'help', rest: '' };
  const first = /^\S+/.exec(trimmed)?.[0] ?? '';
  const verb = verbOf(first);
  return verb ? { verb, rest: trimmed.slice(first.length).trim() } : { verb: 'unknown', rest: trimmed };
}

export function verbOf(word: string): Verb | undefined {
  return VERBS.get(bareWord(word));
}

export function statusOf(word: string): CommandStatus | undefined {
  return STATUSES.get(bareWord(word));
}

export function priorityOf(word: string): CommandPriority | undefined {
  return PRIORITIES.get(bareWord(word));
}

/** `2d`, `2 pv`, `1,5 h`, `3 часа`: minutes; null for dates and words, which are read elsewhere. */
export function durationMinutes(text: string): number | null {
  const match = /^(?:in\s|för\s|через\s|на\s)?(\d{1,4}(?:[.,]\d{1,2})?)\s?(\p{L}{1,12})\.?$/u.exec(plainWord(text.trim()));
  const unit = UNITS.get(match?.[2] ?? '');
  if (!match || unit === undefined) return null;
  const minutes = Math.round(Number((match[1] ?? '').replace(',', '.')) * unit);
  return minutes > 0 && minutes <= MAX_SNOOZE_MINUTES ? minutes : null;
}

function lookup<Name extends string>(table: Readonly<Record<Name, readonly string[]>>): Map<string, Name> {
  const entries = Object.entries(table) as [Name, readonly string[]][];
  return new Map(entries.flatMap(([name, words]) => words.map((word) => [plainWord(word), name] as const)));
}

function bareWord(word: string): string {
  const plain = plainWord(word);
  return plain === '?' ? plain : plain.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

function afterBot(blocks: Block[], botSlackId: string): Block[] | null {
  const at = blocks.findIndex((block) => block.type !== 'paragraph' || !block.inlines.every(isBlank));
  const block = blocks[at];
  if (block?.type !== 'paragraph') return null;
  const first = block.inlines.findIndex((inline) => !isBlank(inline));
  const mention = block.inlines[first];
  if (mention?.type !== 'mention' || mention.kind !== 'user' || mention.id !== botSlackId) return null;
  const inlines = block.inlines.slice(first + 1);
  return [...(inlines.every(isBlank) ? [] : [{ ...block, inlines }]), ...blocks.slice(at + 1)];
}

function withoutFirstWord(blocks: Block[]): Block[] {
  const [first, ...rest] = blocks;
  if (first?.type !== 'paragraph') return blocks;
  const at = first.inlines.findIndex((inline) => inline.type === 'text' && /[^\s:,]/.test(inline.text));
  const inline = first.inlines[at];
  if (inline?.type !== 'text') return blocks;
  const text = inline.text.replace(/^[\s:,]*\S+\s*/, '');
  const inlines: Inline[] = [...(text === '' ? [] : [{ ...inline, text }]), ...first.inlines.slice(at + 1)];
  return [...(inlines.every(isBlank) ? [] : [{ ...first, inlines }]), ...rest];
}

function argumentsOf(blocks: Block[]): CommandArguments {
  const document: Document = { blocks };
  const text = documentText(document).trim();
  const mentions = blocks.flatMap((block) =>
    block.type === 'paragraph' ? block.inlines.filter((inline) => inline.type === 'mention') : [],
  );
  return {
    text,
    words: text.split(/\s+/).filter((word) => word !== ''),
    userIds: mentions.filter((mention) => mention.kind === 'user').map((mention) => mention.id),
    groupIds: mentions.filter((mention) => mention.kind === 'group').map((mention) => mention.id),
    document,
  };
}
