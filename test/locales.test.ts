import { expect, test } from 'vitest';
import { localeProblems, readLocales, type Texts } from '../scripts/check/locales.ts';
import { pluralBase } from '../scripts/check/plurals.ts';
import { placeholdersIn } from '../scripts/check/wording-of-texts.ts';
import { LANGUAGES, type Language, type Params, translator } from '#i18n.ts';
import {
  CHANNELS,
  DELIVERY_STATES,
  HOLD_STATES,
  LANGUAGE_SOURCES,
  POLICIES,
  PRIORITIES,
  ROLES,
  STATUSES,
  VISIBILITIES,
} from '#db/words.ts';
import { priorityOf, statusOf, verbOf } from '#slack/replies/command.ts';
import { readMarks } from '#slack/replies/marks.ts';
import { plainDocument } from '#text/document.ts';

const locales = readLocales(new URL('..', import.meta.url).pathname);
const english = textsOf('en');
const MAX_MODAL_WORD = 24;
const MAX_BUTTON = 30;
const MAX_OPTION = 75;
const MAX_LABEL = 48;
const MAX_PLACEHOLDER = 60;
/** Slack refuses a section longer than 3,000 characters; what is put into one of ours must still fit. */
const MAX_SENTENCE = 1_500;
const LONG_NUMBER = 'TK-12345';
const COUNTS = [0, 1, 2, 5, 11, 21, 22, 101, 1.5];

const MODAL_WORDS = [
  /^modals:(?:\w+\.)?(?:title|submit|close|done)$/,
  /^rules:(?:edit|firings)\.(?:title|submit|close)$/,
  /^mailboxes:(?:login|settings|test|address)\.(?:title(?:_\w+)?|submit|close)$/,
];
/** What is announced after a modal is a sentence, though its key ends like a button's. */
const NOT_MODAL_WORDS = ['modals:create.done'];
const BUTTONS = [/^\w+:(?:\w+\.)?button\.\w+$/, /^slack:thread\.link$/, /^home:tab\.\w+$/, /^rules:off\.(?:confirm|deny)$/];
const OPTIONS = [
  /^slack:(?:more|priority|status)\.\w+$/,
  /^modals:(?:channel|language)\.\w+$/,
  /^modals:create\.(?:notify|append)_\w+$/,
  /^home:role\.\w+$/,
  /^mailboxes:(?:security|afterwards)\.\w+$/,
  /^mailboxes:(?:settings\.(?:internal|copies)|address\.default)_text$/,
];
const LABELS = [
  /^modals:create\.(?:requester|new_name|new_email|subject|description|channel|notify|priority|group|append)$/,
  /^modals:(?:fields|reply|note|side)\.(?:subject|priority|group|tags|language|status|words|channel|question)$/,
  /^rules:edit\.(?:name|state|words|group|priority|tags|template)$/,
  /^mailboxes:login\.(?:name|user_name|password|port|security|\w+_host|smtp_user_name|account|google_json|tenant|client_\w+d|refresh_token)$/,
  /^mailboxes:settings\.(?:folder|afterwards|trusted|internal|copies|sent_folder|per_minute|dkim_\w+r|dkim_key)$/,
  /^mailboxes:address\.(?:address|display_name|group|language|mailbox|default)$/,
];

/** Where the code puts a word of the database behind a key. */
const WORDS_OF_ROWS: Record<string, readonly string[]> = {
  'slack:status': STATUSES,
  'slack:priority': PRIORITIES,
  'slack:language_source': LANGUAGE_SOURCES,
  'slack:policy': POLICIES,
  'events:state': [...DELIVERY_STATES, ...HOLD_STATES],
  'home:role': ROLES,
  'rules:channel': CHANNELS,
  'rules:visibility': VISIBILITIES,
  'rules:language': LANGUAGES,
  'modals:language': LANGUAGES,
};

test('every language says everything that English says', () => {
  expect(localeProblems(locales)).toEqual([]);
});

test.each(LANGUAGES)('every text renders in its own words, with nothing left to fill in, in %s', (language) => {
  const t = translator(language);
  const broken = [...textsOf(language).keys()].flatMap((key) => {
    const base = pluralBase(key)?.base;
    const params = paramsFor(key);
    const renderings = base ? COUNTS.map((count) => ({ all: { ...params, count }, text: t(base, { ...params, count }) })) : [];
    return [...renderings, ...(base ? [] : [{ all: params, text: t(key, params) }])]
      .filter(({ all, text }) => /\{\{|\}\}/.test(text) || !formsOf(language, base ?? key).some((form) => filled(form, all) === text))
      .map(({ text }) => `${key}: ${text}`);
  });
  expect(broken).toEqual([]);
});

test.each(LANGUAGES)('everything a row can say has its word in %s', (language) => {
  const wanted = Object.entries(WORDS_OF_ROWS).flatMap(([family, words]) => words.map((word) => `${family}.${word}`));
  expect(wanted.filter((key) => !textsOf(language).has(key))).toEqual([]);
});

test.each(LANGUAGES)('modal titles and their buttons are shown whole in %s', (language) => {
  expect(tooLong(language, MODAL_WORDS, MAX_MODAL_WORD).filter((one) => !NOT_MODAL_WORDS.some((key) => one.startsWith(key)))).toEqual([]);
});

test.each(LANGUAGES)('button texts are shown whole in %s', (language) => {
  expect(tooLong(language, BUTTONS, MAX_BUTTON)).toEqual([]);
});

test.each(LANGUAGES)('options, labels and placeholders are short in %s', (language) => {
  expect([
    ...tooLong(language, OPTIONS, MAX_OPTION),
    ...tooLong(language, LABELS, MAX_LABEL),
    ...tooLong(language, [/_placeholder$/], MAX_PLACEHOLDER),
    ...tooLong(language, [/./], MAX_SENTENCE),
  ]).toEqual([]);
});

test('every kind of limit is measured on texts that exist', () => {
  const keys = [...english.keys()];
  for (const pattern of [...MODAL_WORDS, ...BUTTONS, ...OPTIONS, ...LABELS])
    expect(keys.filter((key) => pattern.test(key))).not.toEqual([]);
});

test.each(LANGUAGES)('every command a text tells people to type is understood in %s', (language) => {
  const unknown = codesIn(language).flatMap(({ key, code }) => {
    const word = /^(?:\/ticket|@Tiketti) (\S+)/.exec(code)?.[1];
    return word === undefined || verbOf(word) ? [] : [`${key}: ${code}`];
  });
  expect(unknown).toEqual([]);
});

test.each(LANGUAGES)('every verb the thread help lists is understood in %s', (language) => {
  const codes = codesOf(textsOf(language).get('slack:mention_help') ?? '').map((code) => code.replace('@Tiketti ', ''));
  const verbs = codes.map((code) => verbOf(code.split(' ')[0] ?? ''));
  expect(verbs).toEqual(['take', 'solve', 'reopen', 'assign', 'priority', 'status', 'note']);
  const argumentOf = (verb: string) => codes[verbs.indexOf(verb as never)]?.split(' ').slice(1).join(' ') ?? '';
  expect([priorityOf(argumentOf('priority')), statusOf(argumentOf('status'))]).toEqual(['high', 'pending']);
});

/** Texts about what goes to the customer; all others tell how to keep it inside. */
const TELL_PUBLIC = ['slack:policy.notes-first', 'slack:hint.edited_stopped', 'slack:hint.edited_note'];

test.each(LANGUAGES)('every mark a text tells people to write is read as that mark in %s', (language) => {
  const marks = codesIn(language).filter(({ code }) => /^[\p{L} ]+:$/u.test(code));
  expect(marks.length).toBeGreaterThan(0);
  for (const { key, code } of marks) {
    const read = readMarks(plainDocument(`${code} words`));
    const isPublic = TELL_PUBLIC.includes(key);
    expect([key, read.note, read.public]).toEqual([key, isPublic ? null : code, isPublic ? code : null]);
  }
});

test.each(LANGUAGES)('the priorities and statuses people are offered can be typed in %s', (language) => {
  const t = translator(language);
  expect(PRIORITIES.map((priority) => priorityOf(t(`slack:priority.${priority}`)))).toEqual([...PRIORITIES]);
  const offered = t('failures:status.which').replace(/^.*:/, '').replace(/\.$/, '').split(',');
  expect(offered.map((word) => statusOf(word.trim()))).toEqual(['open', 'pending', 'on_hold', 'solved']);
});

test.each(LANGUAGES)('a status can be typed as the cards show it in %s', (language) => {
  const typable = ['open', 'pending', 'on_hold', 'solved'] as const;
  expect(typable.map((status) => statusOf(translator(language)(`slack:status.${status}`)))).toEqual([...typable]);
});

test.each(LANGUAGES)('agents can be added and removed as the texts say, and under the name of their role in %s', (language) => {
  const t = translator(language);
  const acts = codesOf(t('failures:agent.how')).map((code) => code.split(' ').slice(1, 3));
  expect(acts.map(([verb = '', act]) => [verbOf(verb), act])).toEqual([
    ['agent', t('commands:agent.add')],
    ['agent', t('commands:agent.remove')],
  ]);
  expect(verbOf(t('home:role.agent'))).toBe('agent');
});

test('the words for adding and removing an agent are single lower-case words, and no word means both', () => {
  const words = (what: string) => LANGUAGES.map((language) => translator(language)(`commands:agent.${what}`));
  const all = [...words('add'), ...words('remove')];
  expect(all.filter((word) => word !== word.toLowerCase() || /\s/.test(word))).toEqual([]);
  expect(words('add').filter((word) => words('remove').includes(word))).toEqual([]);
});

test.each(LANGUAGES)('texts that name the reply rule and the Reply button use their own names in %s', (language) => {
  const t = translator(language);
  expect(t('failures:reply.no_rule')).toContain(t('rules:name.reply'));
  expect(t('slack:policy.notes-first')).toContain(t('slack:button.reply'));
});

function textsOf(language: Language): Texts {
  return locales.get(language) ?? new Map();
}

function paramsFor(key: string): Params {
  const placeholders = placeholdersIn(english.get(key) ?? english.get(`${pluralBase(key)?.base}_other`) ?? '');
  return Object.fromEntries([...placeholders].map((name) => [name, name === 'number' ? LONG_NUMBER : `«${name}»`]));
}

/** The forms of a plural, or the one text. */
function formsOf(language: Language, key: string): string[] {
  return [...textsOf(language)].filter(([one]) => (pluralBase(one)?.base ?? one) === key).map(([, text]) => text);
}

function filled(form: string, params: Params): string {
  return form.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(params[name]));
}

function tooLong(language: Language, patterns: RegExp[], limit: number): string[] {
  return [...textsOf(language)]
    .filter(([key]) => patterns.some((pattern) => pattern.test(key)))
    .map(([key, text]) => ({
      key,
      text: filled(text, { ...paramsFor(key), count: 99 }),
    }))
    .filter(({ text }) => text.length > limit)
    .map(({ key, text }) => `${key}: ${text} (${text.length})`);
}

function codesIn(language: Language): { key: string; code: string }[] {
  return [...textsOf(language)].flatMap(([key, text]) => codesOf(text).map((code) => ({ key, code })));
}

function codesOf(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}
