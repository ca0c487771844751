import { Parser } from 'htmlparser2';
import { describe, expect, test } from 'vitest';
import { composeMail } from '#mail/compose.ts';
import { TEMPLATES, addressing, hostileExample, strictTranslator } from './compose.examples.ts';

const t = strictTranslator('en');

describe.each(TEMPLATES)('a %s mail full of hostile words', (template) => {
  const mail = composeMail(hostileExample(template), addressing(), t);

  test('runs nothing and fetches nothing', () => {
    const { tags, attributes } = opened(mail.html);
    expect(tags).not.toContain('script');
    expect(tags).not.toContain('img');
    expect(attributes.filter((attribute) => /^on|^src$|^background$/iu.test(attribute))).toEqual([]);
    expect(mail.html).not.toMatch(/href="(?!https:|mailto:|tel:)/u);
    expect(mail.html).not.toMatch(/url\(/u);
    expect(mail.html).toContain('<html lang="en"');
  });

  test('shows placeholders and keys as they were typed', () => {
    expect(mail.text).toContain(template === 'solved' ? '{{number}}' : '{{constructor}}{{{__proto__}}}$t(mail:marker){{number}}');
    expect(mail.text.split(t('mail:marker')).length - 1).toBe(template === 'message' ? 0 : 1);
    expect(mail.html).not.toMatch(/\[object |function Object|native code/u);
  });

  test('has a subject of one bounded line', () => {
    expect(mail.subject).toMatch(/^Re: Hello Bcc: victim@example\.com /u);
    expect(mail.subject).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
    expect(mail.subject.length).toBeLessThanOrEqual(240);
    expect(mail.subject.endsWith(' [TK-123]')).toBe(template !== 'message');
  });

  test('does not call anybody by a made-up name', () => {
    expect(mail.text).not.toContain('Hello Eve');
  });
});

test('a file is listed by the harmless name under which it travels', () => {
  const { text } = composeMail(hostileExample('reply'), addressing(), t);
  expect(text).toContain('Attached file: .._.._etc_pass wdgpj.exe');
});

test('words written from right to left stay in their own paragraph', () => {
  const content = { ...hostileExample('confirmation'), person: { name: 'שרה' } };
  const { html, text } = composeMail(content, addressing(), t);
  expect(html).toMatch(/<p dir="auto" [^>]*>W+<br>\nשלום/u);
  expect(text).toContain('Hello שרה,');
});

function opened(html: string): { tags: string[]; attributes: string[] } {
  const tags: string[] = [];
  const attributes: string[] = [];
  const parser = new Parser({
    onopentag: (name, found) => {
      tags.push(name);
      attributes.push(...Object.keys(found));
    },
  });
  parser.end(html);
  return { tags, attributes };
}
