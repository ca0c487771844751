import { expect, test } from 'vitest';
import { localeUsageProblems } from '../../scripts/check/locale-usage.ts';
import { sources } from './planted.ts';

function problemsOf(code: string, keys: readonly string[], path = 'src/slack/card.ts'): string[] {
  const texts = new Map(keys.map((key): [string, string] => [key, 'Text']));
  return localeUsageProblems(sources({ [path]: code }), new Map([['en', texts]]));
}

test('a key used in code exists', () => {
  expect(problemsOf("say(t('card:taken'));", ['card:taken'])).toEqual([]);
  expect(problemsOf("\nsay(desk.t('card:takn'));", [])).toEqual(['src/slack/card.ts:2 "card:takn" is in no locale']);
  expect(problemsOf("t('taken')", [])).toEqual(['src/slack/card.ts:1 "taken" names no namespace (write namespace:key)']);
});

test('both arms of a choice exist', () => {
  expect(problemsOf("t(isOpen ? 'card:open' : 'card:shut')", ['card:open'])).toEqual(['src/slack/card.ts:1 "card:shut" is in no locale']);
});

test('a failure has a sentence', () => {
  expect(problemsOf("throw new Failure('reply.empty');", ['failures:reply.empty'])).toEqual([]);
  expect(problemsOf("throw new Failure('reply.late', { number });", [])).toEqual([
    'src/slack/card.ts:1 "failures:reply.late" is in no locale',
  ]);
});

test('a reason has a sentence', () => {
  expect(problemsOf("const reason = { key: isLate ? 'hold.late' : 'hold.early', params };", ['why:hold.late'])).toEqual([
    'src/slack/card.ts:1 "why:hold.early" is in no locale',
  ]);
  expect(problemsOf("because('hold.late'); t(`why:${reason.key}`)", ['why:hold.late', 'why:hold.old'])).toEqual([
    'locales: why:hold.old is used nowhere',
  ]);
  expect(problemsOf("headers.push({ key: 'X-Loop', value: 'a.b' }, { key: 'brand.name', value: 1 })", ['why:x.y']).slice(1)).toEqual([]);
});

test('a text nobody uses is named', () => {
  expect(problemsOf("t('card:taken')", ['card:taken', 'card:old'])).toEqual(['locales: card:old is used nowhere']);
});

test('a template uses every key it can make, and must be able to make one', () => {
  expect(problemsOf('t(`card:status.${status}`)', ['card:status.open', 'card:status.shut'])).toEqual([]);
  expect(problemsOf('t(`card:status.${status}.long`)', ['card:status.open.long', 'card:status.open.short'])).toEqual([
    'locales: card:status.open.short is used nowhere',
  ]);
  expect(problemsOf('t(`card:state.${status}`)', [])).toEqual(['src/slack/card.ts:1 "card:state.…" is in no locale']);
  expect(problemsOf('t(`${place}.open`)', [])).toEqual([expect.stringContaining('names no namespace')]);
  expect(problemsOf('t(`${place}:open`)', ['card:open'])).toContain(
    'src/slack/card.ts:1 "…:open" begins with a hole, so it cannot be checked',
  );
});

test('showing whichever failure came uses no failure', () => {
  expect(problemsOf('t(`failures:${failure.key}`)', ['failures:old'])).toEqual(['locales: failures:old is used nowhere']);
});

test('keys kept in a table count as used, and must exist', () => {
  expect(problemsOf("export const LABELS = { open: 'card:label.open' };", ['card:label.open'])).toEqual([]);
  expect(problemsOf("export const LABELS = { open: 'card:label.opn' };", ['card:label.open'])).toEqual([
    'src/slack/card.ts:1 "card:label.opn" is in no locale',
    'locales: card:label.open is used nowhere',
  ]);
});

test('scopes and modules that look like keys are left alone', () => {
  expect(
    problemsOf("import 'node:fs'; export const scopes = ['files:read', 'users:read.email']; t('files:stored')", ['files:stored']),
  ).toEqual([]);
});

test('a made-up id that begins like a namespace uses no text', () => {
  expect(problemsOf('const source = `card:${id}`;', ['card:old'])).toEqual(['locales: card:old is used nowhere']);
  expect(problemsOf('const label = `card:status.${status}`;', ['card:status.open'])).toEqual([]);
});

test('a plural is used by its name without the category', () => {
  expect(problemsOf("t('card:waiting', { count })", ['card:waiting_one', 'card:waiting_other'])).toEqual([]);
  expect(problemsOf("t('card:waiting_one')", ['card:waiting_one', 'card:waiting_other'])).toContain(
    'src/slack/card.ts:1 "card:waiting_one" is in no locale',
  );
});

test('mail templates use keys too', () => {
  const template = '<p style="color:red">{{t "mail:greeting"}} {{#if x}}{{> part title=(t \'mail:title\' name=name)}}{{/if}}</p>';
  expect(problemsOf(template, ['mail:greeting', 'mail:title'], 'src/mail/templates/reply.html.hbs')).toEqual([]);
  expect(problemsOf(template, ['mail:greeting'], 'src/mail/templates/reply.html.hbs')).toEqual([
    'src/mail/templates/reply.html.hbs:1 "mail:title" is in no locale',
  ]);
});

test('a text nested in another is used and must exist', () => {
  const texts = new Map([
    ['card:line', 'It is $t(card:open)'],
    ['card:open', 'open'],
    ['card:bad', '$t(card:gone)'],
  ]);
  expect(localeUsageProblems(sources({ 'src/slack/card.ts': "t('card:line'); t('card:bad')" }), new Map([['en', texts]]))).toEqual([
    'locales: card:bad "card:gone" is in no locale',
  ]);
});
