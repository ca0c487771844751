import { expect, test } from 'vitest';
import { Failure } from '#failure.ts';
import { checkCustomTemplate, composeMail } from '#mail/compose.ts';
import type { CustomTemplate, OutgoingContent, TemplateName } from '#mail/compose.ts';
import { addressing, example, hostileExample, strictTranslator } from './compose.examples.ts';

const t = strictTranslator('en');
const GOOD: CustomTemplate = {
  subject: '{{ticket.subject}}',
  html: '<h2 style="color:#333">Dear {{person.name}}</h2>{{body}}<p>Call {{phone}}{{#if variables.hours}}, {{variables.hours}}{{/if}}.</p>',
  text: 'Dear {{person.name}}\n\n{{body}}\n\nCall {{phone}}{{#if variables.hours}}, {{variables.hours}}{{/if}}.',
};
const VARIABLES = { phone: '+358 9 123 & 4', hours: '9 to 5' };

test("an admin's template takes the place of the shipped words and keeps marker, quote and number", () => {
  const mail = compose(GOOD);
  expect(mail.problems).toEqual([]);
  expect(mail.text).toContain('##- Write your reply above this line -##\n\nDear Grace Porter\n\nHello Grace,');
  expect(mail.text).toContain('Call +358 9 123 & 4, 9 to 5.');
  expect(mail.html).toContain('<h2 style="color:#333">Dear Grace Porter</h2><p');
  expect(mail.html).toContain('Call +358 9 123 &amp; 4, 9 to 5.');
  expect(mail.html).toContain('<strong>PDF</strong>');
  expect(mail.subject).toBe('Re: Invoice 4711 cannot be opened [TK-123]');
});

test('a template without HTML is shown as paragraphs', () => {
  const mail = compose({ ...GOOD, html: null });
  expect(mail.html).toContain('<p dir="auto" style="margin:0 0 16px">Dear Grace Porter</p>');
});

test("a subject of the admin's own still carries the tag", () => {
  expect(compose({ ...GOOD, subject: 'News about {{ticket.number}}' }).subject).toBe('News about TK-123 [TK-123]');
});

test.each([
  ['{{constructor}}', 'template.unknown_placeholder'],
  ['{{person.constructor}}', 'template.unknown_placeholder'],
  ['{{__proto__.x}}', 'template.unknown_placeholder'],
  ['{{this}}', 'template.unknown_placeholder'],
  ['{{@root.person.name}}', 'template.unknown_placeholder'],
  ['{{../person.name}}', 'template.unknown_placeholder'],
  ['{{persn.name}}', 'template.unknown_placeholder'],
  ['{{lookup person "name"}}', 'template.not_allowed'],
  ['{{log person.name}}', 'template.not_allowed'],
  ['{{#each variables}}x{{/each}}', 'template.not_allowed'],
  ['{{#with person}}x{{/with}}', 'template.not_allowed'],
  ['{{#if (lookup person "name")}}x{{/if}}', 'template.not_allowed'],
  ['{{"person.name"}}', 'template.not_allowed'],
  ['{{> layout}}', 'template.not_allowed'],
  ['{{#*inline "x"}}{{> x}}{{/inline}}{{> x}}', 'template.not_allowed'],
  ['{{t "mail:marker"}}', 'template.not_allowed'],
  ['{{#if person.name}}', 'template.syntax'],
  ['{{', 'template.syntax'],
  ['{{#if body}}'.repeat(12) + '{{/if}}'.repeat(12), 'template.too_deep'],
  ['{{#if body}}'.repeat(5_000), 'template.too_many_tags'],
  ['x'.repeat(64_001), 'template.too_long'],
])('%.60s is refused when it is saved and passed over when a mail goes out', (source, key) => {
  const custom = { ...GOOD, text: `${source} {{body}}` };
  expect(() => checkCustomTemplate('reply', custom, Object.keys(VARIABLES))).toThrow(expect.objectContaining({ name: 'Failure', key }));
  const mail = compose(custom);
  expect(mail.problems).toEqual([expect.stringContaining(key)]);
  expect(mail.text).toContain('sorry for the trouble');
});

test("a reply's template that leaves out the agent's words is refused", () => {
  const custom = { ...GOOD, html: '<p>Hello</p>' };
  expect(() => checkCustomTemplate('reply', custom, Object.keys(VARIABLES))).toThrow(Failure);
  expect(compose(custom).problems).toEqual([expect.stringContaining('template.body_missing')]);
  expect(() => checkCustomTemplate('solved', custom, Object.keys(VARIABLES))).not.toThrow();
});

test('a template that would make a mail of megabytes is passed over', () => {
  const custom = { ...GOOD, html: null, text: '{{body}}{{phone}}'.repeat(140) };
  const mail = compose(custom, { variables: { phone: 'x'.repeat(20_000) } });
  expect(mail.problems).toEqual([]);
  const heavy = compose(custom, { body: { blocks: [{ type: 'code', text: 'y'.repeat(20_000) }] } });
  expect(heavy.problems).toEqual([expect.stringContaining('template.too_long')]);
});

test("an admin's HTML runs nothing, covers nothing and fetches nothing", () => {
  const html = `{{{body}}}<script>alert(1)</script><img src="https://spy.example/pixel.png"><img src="//spy.example/p.png">
    <p onclick="x" style="position:fixed;background:url(https://spy.example/x);color:red">styled</p><iframe src="https://spy.example"></iframe>
    <a href="javascript:x">bad</a><a href="https://good.example">good</a><style>body{display:none}</style><form action="https://spy.example"><input></form>`;
  const mail = compose({ ...GOOD, html });
  expect(mail.problems).toEqual([]);
  expect(mail.html).not.toMatch(/spy\.example|onclick|javascript:|position:fixed|<form|alert\(1\)|display:none\}/u);
  expect(mail.html).toContain('<p style="color:red">styled</p>');
  expect(mail.html).toContain('<a href="https://good.example">good</a>');
  expect(mail.html).toContain('sorry for the trouble');
});

test('the logo is the one picture an admin may fetch', () => {
  const logoUrl = 'https://northwind.example/logo.png';
  const custom = { ...GOOD, html: `{{body}}<img src="${logoUrl}" alt="x"><img src="https://northwind.example/other.png">` };
  const mail = compose(custom, { brand: { name: 'Northwind', colour: '#fff', logoUrl } });
  expect(mail.html.split(logoUrl).length - 1).toBe(2);
  expect(mail.html).not.toContain('other.png');
});

test('hostile values in placeholders stay words, with and without Handlebars escaping', () => {
  const html = '<p>{{{person.name}}} {{ticket.subject}} {{{agent.signature}}} {{{variables.previousNumber}}}</p>{{body}}';
  const content = { ...hostileExample('reply'), custom: { subject: '{{agent.name}}', text: '{{agent.signature}}{{body}}', html } };
  const mail = composeMail(content, addressing(), t);
  expect(mail.problems).toEqual([]);
  expect(mail.html).not.toMatch(/<script|alert\(1\)<|<img/u);
  expect(mail.text).toContain('{{constructor}}{{{__proto__}}}');
});

test('a placeholder named like a part of every object shows its value and nothing else', () => {
  const variables = { ...VARIABLES, constructor: 'Builder Ltd', toString: 'words' };
  const mail = compose({ ...GOOD, text: '{{body}} by {{constructor}} {{variables.toString}}' }, { variables });
  expect(mail.problems).toEqual([]);
  expect(mail.text).toContain('by Builder Ltd words');
});

test('a placeholder may not take a name that Handlebars reads otherwise', () => {
  const variables = { ...VARIABLES, this: 'x', if: 'x', t: 'x', 'two words': 'x' };
  for (const name of ['this', 'if', 't', '[two words]']) {
    expect(compose({ ...GOOD, text: `{{body}} {{${name}}}` }, { variables }).problems).toEqual([
      expect.stringContaining('template.unknown'),
    ]);
  }
});

function compose(custom: CustomTemplate, change: Partial<OutgoingContent> = {}, template: TemplateName = 'reply') {
  return composeMail({ ...example(template, 'en'), variables: VARIABLES, ...change, custom }, addressing(), t);
}
