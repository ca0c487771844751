import { describe, expect, test } from 'vitest';
import { letterOf, mailOf, withFixture } from './fixture.ts';
import { EMPTY_CONTEXT } from '#mail/understand/letter.ts';
import { understand } from '#mail/understand/parse.ts';

describe('charsets', () => {
  test('KOI8-R in headers and body is read', async () => {
    const letter = await withFixture('plain-new-mail-russian-koi8');
    expect(letter).toMatchObject({ subject: 'Не работает принтер', from: { name: 'Иван Петров' } });
    expect(letter.text).toContain('Принтер не печатает с понедельника.');
    expect(letter.problems).toEqual([]);
  });

  test('Windows-1251 that calls itself KOI8-R is read as what it is, and says so', async () => {
    const letter = await withFixture('cyrillic-1251-labelled-koi8');
    expect(letter.text).toContain('Принтер не печатает с понедельника.');
    expect(letter.problems).toContain('windows-1251 text declared as koi8-r');
  });

  test('8-bit bytes in undeclared headers are read', async () => {
    const letter = await withFixture('raw-latin1-headers');
    expect(letter).toMatchObject({ subject: 'Näyttö särkyi', from: { name: 'Pekka Hämäläinen' } });
    expect(letter.text).toBe('Hei, näyttö särkyi eilen.');
  });

  test.each([
    ['iso-8859-1', 'P\xe4iv\xe4\xe4', 'Päivää'],
    ['utf-8', 'P\xe4iv\xe4\xe4 kaikille', 'Päivää kaikille'],
    ['us-ascii', 'P\xc3\xa4iv\xc3\xa4\xc3\xa4', 'Päivää'],
    ['iso-8859-1', 'P\xc3\xa4iv\xc3\xa4\xc3\xa4', 'Päivää'],
    ['windows-1252', '\x93hi\x94', '“hi”'],
    ['iso-2022-jp', '\x1b$B%F%9%H\x1b(B', 'テスト'],
    ['unicode-1-1-utf-7', 'P+AOQ-iv+AOQA5A-', 'Päivää'],
    ['cp850', 'P\x84iv\x84\x84', 'Päivää'],
    ['x-no-such-charset', 'P\xe4iv\xe4\xe4', 'Päivää'],
    ['"utf8"', 'P\xc3\xa4iv\xc3\xa4\xc3\xa4', 'Päivää'],
    ['gb2312', '\xc8\xcb\xc3\xf1', '人民'],
  ])('text declared as %s', async (charset, bytes, text) => {
    expect((await letterOf([`Content-Type: text/plain; charset=${charset}`], bytes)).text).toBe(text);
  });

  test('UTF-7 is never guessed, because it can hide markup', async () => {
    expect((await letterOf(['Content-Type: text/plain'], '+ADw-script+AD4-')).text).toBe('+ADw-script+AD4-');
  });

  test('characters that no database takes are taken out', async () => {
    expect((await letterOf(['Content-Type: text/plain; charset=utf-8'], 'a\x00b')).text).toBe('ab');
  });
});

describe('which part is the body', () => {
  test('text around a picture is read in order', async () => {
    const letter = await withFixture('text-image-text-apple');
    expect(letter.text).toMatch(/Before the picture\.\s+After the picture\./);
    expect(letter.attachments.map(({ filename }) => filename)).toEqual(['a.png']);
  });

  test('flowed text is joined before quotes are looked for', async () => {
    const letter = await withFixture('format-flowed');
    expect(letter).toMatchObject({ replyText: 'This sentence goes on over two lines.', signature: '-- \nLiisa' });
    expect(letter.quotedText).toContain('> A quoted sentence that goes on as well.');
  });

  test('a placeholder beside the HTML is not the mail', async () => {
    const boundary = 'Content-Type: multipart/alternative; boundary=b';
    const html = `<p>${'The printer in the lobby is broken. '.repeat(20)}</p>`;
    const letter = await letterOf([boundary], `--b\r\n\r\nUse HTML.\r\n--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n--b--`);
    expect(letter.text).toMatch(/^The printer in the lobby/);
  });

  test('an answer from Gmail is split from what it quotes', async () => {
    const letter = await withFixture('gmail-reply-finnish');
    expect(letter).toMatchObject({
      replyText: 'Hei,\n\nuudelleenkäynnistys ei auttanut.\n\nLiisa',
      inReplyTo: 't.12@example.org',
      references: ['t.11@example.org', 't.12@example.org'],
    });
  });

  test('an answer from Outlook in HTML alone is split too', async () => {
    expect((await withFixture('outlook-reply-html-only-swedish')).replyText).toBe('Hej,\n\ndet hjälpte inte.');
  });

  test('answers between quotes stay with their quotes', async () => {
    const { replyText } = await withFixture('interleaved-reply-russian');
    expect(replyText).toBe('> Какой принтер?\n\nТот, что в холле.\n\n> С какого времени?\n\nС понедельника.');
  });

  test('what is known to begin a conversation is not cut', async () => {
    const letter = await withFixture('gmail-reply-finnish', { isReply: false });
    expect(letter.replyText).toContain('Käynnistä tulostin uudelleen.');
  });
});

describe('files', () => {
  test('every part is body or file, pictures shown in the HTML are inline whatever they call themselves', async () => {
    const { attachments, html } = await withFixture('inline-image-and-file');
    expect(attachments.map(({ filename, inline, contentId }) => ({ filename, inline, contentId }))).toEqual([
      { filename: 'kuva.png', inline: true, contentId: 'shot1@example.com' },
      { filename: 'pöytäkirja.pdf', inline: false, contentId: null },
      { filename: 'attachment-3.png', inline: false, contentId: null },
    ]);
    expect(html).toContain('src="cid:shot1@example.com"');
    expect(html).not.toMatch(/tracker|script/);
  });

  test('files are whole, and named by what they hold', async () => {
    const { attachments } = await withFixture('inline-image-and-file');
    expect(Buffer.from(attachments[1]?.bytes ?? []).toString()).toBe('%PDF-1.4\n');
    expect(attachments[1]).toMatchObject({ size: 9, contentType: 'application/pdf', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('uuencoded files inside the text are taken out of it', async () => {
    const letter = await letterOf([], 'See below.\r\n\r\nbegin 644 hello.txt\r\n%:&5L;&\\\r\n`\r\nend\r\n');
    expect(letter.text).toBe('See below.');
    expect(letter.attachments.map(({ filename, bytes }) => [filename, Buffer.from(bytes).toString()])).toEqual([['hello.txt', 'hello']]);
  });

  test('an attached mail is named by its subject', async () => {
    const body = '--b\r\n\r\nSee\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Old: matter\r\n\r\nHi\r\n--b--';
    const { attachments } = await letterOf(['Content-Type: multipart/mixed; boundary=b'], body);
    expect(attachments[0]?.filename).toBe('Old matter.eml');
  });
});

describe('the same mail through two mailboxes', () => {
  const headers = ['Message-ID: <1@example.com>', 'From: liisa@example.com', 'Date: Mon, 20 Oct 2025 17:50:00 +0300'];

  test('has the same digest, whatever servers added', async () => {
    const one = await understand(mailOf(['Received: from a', ...headers], 'Hi'), EMPTY_CONTEXT);
    const other = await understand(mailOf(['Received: from b', 'Delivered-To: sales@example.org', ...headers], 'Hi'), EMPTY_CONTEXT);
    expect(one.contentDigest).toBe(other.contentDigest);
    expect(other.deliveredTo).toEqual(['sales@example.org']);
  });

  test('another body under the same Message-ID is another mail', async () => {
    const one = await understand(mailOf(headers, 'Hi'), EMPTY_CONTEXT);
    expect(one.contentDigest).not.toBe((await understand(mailOf(headers, 'Ho'), EMPTY_CONTEXT)).contentDigest);
  });
});

describe('verdicts of servers', () => {
  const context = { trustedAuthservIds: ['mx.example.org', '*.receiver.example.net'] };

  test('count when our own server wrote them', async () => {
    const { authentication } = await letterOf(
      ['Authentication-Results: mx.example.org; spf=softfail (no) smtp.mailfrom=x; dkim=fail; dkim=pass header.d=example.com; dmarc=pass'],
      'Hi',
      context,
    );
    expect(authentication).toEqual({ spf: 'softfail', dkim: 'pass', dmarc: 'pass', trusted: true });
  });

  test('by a pattern of servers', async () => {
    expect((await letterOf(['Authentication-Results: a1.receiver.example.net; dmarc=fail'], 'Hi', context)).authentication).toMatchObject({
      dmarc: 'fail',
      trusted: true,
    });
  });

  test.each(['evil.example.com', 'mx.example.org.evil.example.com', 'evilreceiver.example.net'])(
    'are only a claim from %s',
    async (server) => {
      expect((await letterOf([`Authentication-Results: ${server}; dmarc=pass`], 'Hi', context)).authentication.trusted).toBe(false);
    },
  );

  test('are read from the topmost header only', async () => {
    const letter = await letterOf(
      ['Authentication-Results: evil.example.com; dmarc=pass', 'Authentication-Results: mx.example.org; dmarc=pass'],
      'Hi',
      context,
    );
    expect(letter.authentication.trusted).toBe(false);
  });
});
