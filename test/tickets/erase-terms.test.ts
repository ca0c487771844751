import { expect, test } from 'vitest';
import { mentionIn } from '#tickets/erase-bytes.ts';
import { createRedactor, type Term } from '#tickets/erase-terms.ts';

const term = (kind: Term['kind'], text: string): Term => ({ kind, text, token: 'erased-1' });
const redact = (terms: Term[], text: string) => createRedactor(terms, '[erased]').text(text);

test.each([
  ['Write to liisa@asiakas.test.', 'Write to [erased].'],
  ['Write to LIISA@Asiakas.Test!', 'Write to [erased]!'],
  ['<mailto:liisa@asiakas.test|mail me>', '<mailto:[erased]|mail me>'],
  ['see /?to=liisa%40asiakas.test here', 'see /?to=[erased] here'],
  ['see %3Cliisa%40asiakas.test%3E here', 'see %3C[erased]%3E here'],
  ['bounce+liisa=asiakas.test@list.test x', 'bounce+[erased]@list.test x'],
  ['anna-liisa@asiakas.test is another', 'anna-liisa@asiakas.test is another'],
  ['liisa@asiakas.test.example is another', 'liisa@asiakas.test.example is another'],
  ['liisa@asiakas.tests is another', 'liisa@asiakas.tests is another'],
])('an address is found however it is written, and never inside another: %s', (text, clean) => {
  expect(redact([term('email', 'liisa@asiakas.test')], text)).toBe(clean);
});

test.each(['040 123 4567', '+358 40 1234567', '00358 40 123 45 67', '+358 (0)40-123 4567', '358401234567', '(040) 123-4567'])(
  'a phone number is found however it is spaced: %s',
  (number) => {
    expect(redact([term('phone', '+358401234567')], `Call ${number} now`)).toMatch(/^Call \(?\[erased\] now$/);
  },
);

test('a longer number that contains the digits stays', () => {
  expect(redact([term('phone', '+358401234567')], 'Invoice 9940123456788')).toBe('Invoice 9940123456788');
});

test.each([
  ['liisa virtanen called', '[erased] called'],
  ['Virtanen, Liisa called', '[erased] called'],
  ["Liisa  Virtanen's printer", "[erased]'s printer"],
  ['a?name=Liisa%20Virtanen x', 'a?name=[erased] x'],
  ['Liisa Virtanenova called', 'Liisa Virtanenova called'],
  ['Liisa called', 'Liisa called'],
])('a full name is found in either order, and only whole: %s', (text, clean) => {
  expect(redact([term('name', 'Liisa Virtanen')], text)).toBe(clean);
});

test('a name that is one word is found only as it is written; a part of a name in any case', () => {
  expect(redact([term('name', 'Mai')], 'Mai came in mai')).toBe('[erased] came in mai');
  expect(redact([term('part', 'Mai')], 'Mai came in mai')).toBe('[erased] came in [erased]');
});

test('keys keep their shape, and JSON keeps everything that is no word', () => {
  const redactor = createRedactor([term('email', 'liisa@asiakas.test')], '[erased]');
  expect(redactor.text('deliver:12:liisa@asiakas.test')).toBe('deliver:12:erased-1');
  expect(redactor.json({ 'liisa@asiakas.test': 1, deep: [{ to: 'liisa@asiakas.test' }, null, true, 5] })).toEqual({
    '[erased]': 1,
    deep: [{ to: '[erased]' }, null, true, 5],
  });
});

test.each([
  ['plain', 'Cc: Liisa <liisa@asiakas.test>\r\n\r\nHello'],
  ['quoted-printable', 'Content-Transfer-Encoding: quoted-printable\r\n\r\nask liisa=\r\n@asiakas=2Etest'],
  [
    'base64',
    `Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from('Please ask liisa@asiakas.test about it, or anybody else there.')
      .toString('base64')
      .replaceAll(/(.{40})/g, '$1\r\n')}`,
  ],
  ['an encoded word', `From: =?utf-8?b?${Buffer.from('liisa@asiakas.test').toString('base64')}?= <x@y.test>`],
  ['wide base64', `\r\n${Buffer.from('ask liisa@asiakas.test', 'utf16le').toString('base64')}`],
])('bytes that name a person are recognised: %s', (_how, mail) => {
  const isIn = mentionIn([term('email', 'liisa@asiakas.test')]);
  expect(isIn(Buffer.from(mail))).toBe(true);
  expect(isIn(Buffer.from(mail.replaceAll('liisa', 'maija').replaceAll(/[A-Za-z0-9+/]{20,}/g, '')))).toBe(false);
});

test('a mail that is one endless line is read to its end', () => {
  const line = Buffer.alloc(6_000_000, 'q7').toString('base64');
  const isIn = mentionIn([term('email', 'liisa@asiakas.test')]);
  expect(isIn(Buffer.from(line))).toBe(false);
  expect(isIn(Buffer.from(`${line} liisa@asiakas.test`))).toBe(true);
});
