import * as fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { composeMail } from '#mail/compose.ts';
import type { Addressing } from '#mail/compose.ts';
import { buildBytes } from '#mail/mime.ts';
import type { OutgoingFile } from '#mail/mime.ts';
import { LANGUAGES, TEMPLATES, addressing, example, hostileExample, strictTranslator } from './compose.examples.ts';

const MAX_LINE_OCTETS = 998;
const PDF: OutgoingFile = {
  filename: 'invoice-4711.pdf',
  contentType: 'application/pdf',
  contentId: null,
  bytes: Buffer.from('%PDF-1.7 ÿ'),
};
const PICTURE: OutgoingFile = {
  filename: 'screen.png',
  contentType: 'image/png',
  contentId: 'pic1@desk',
  bytes: Buffer.from([0x89, 0x50, 0, 255]),
};

describe.each(TEMPLATES.flatMap((template) => LANGUAGES.map((language) => [template, language] as const)))(
  'the bytes of a %s in %s',
  (template, language) => {
    test('say to a mail reader exactly what was composed', async () => {
      const mail = composeMail(example(template, language), addressing(), strictTranslator(language));
      const bytes = await buildBytes(mail, addressing(), [PDF]);
      const read = await PostalMime.parse(bytes);
      expect(read.subject).toBe(mail.subject);
      expect(unix(read.text).trim()).toBe(mail.text.trim());
      expect(unix(read.html).trim()).toBe(mail.html.trim());
      expect(read.attachments.map((file) => [file.filename, file.mimeType, file.disposition])).toEqual([
        ['invoice-4711.pdf', 'application/pdf', 'attachment'],
      ]);
      expectWellFormed(bytes);
    });
  },
);

test('an answer stands in its thread and comes back to its signed address', async () => {
  const read = await sent(addressing({ cc: [{ name: null, address: 'cc@customer.example.net' }] }));
  expect(read.messageId).toBe('<t.7.2.abc@desk.example.com>');
  expect(read.inReplyTo).toBe('<their-1@customer.example.net>');
  expect(read.references).toBe('<their-0@customer.example.net> <their-1@customer.example.net>');
  expect(read.from).toEqual({ name: 'Max Demo', address: 'support@desk.example.com' });
  expect(read.replyTo).toEqual([{ name: '', address: 'support+t.7.abc@desk.example.com' }]);
  expect(read.cc).toEqual([{ name: '', address: 'cc@customer.example.net' }]);
  expect(read.date).toBe('2026-10-20T15:00:00.000Z');
});

test("a person's reply is no automatic mail, and asks for no automatic answers", async () => {
  const headers = await headersOf(addressing());
  expect(headers).toMatchObject({
    'x-auto-response-suppress': 'OOF, DR, RN, NRN',
    'content-language': 'en',
    'x-tiketti-instance': 'desk-1',
    'mime-version': '1.0',
  });
  expect(headers).not.toHaveProperty('auto-submitted');
  expect(headers).not.toHaveProperty('precedence');
});

test('an automatic answer says so in every way receivers look for', async () => {
  const headers = await headersOf(addressing({ automatic: 'auto-replied' }));
  expect(headers).toMatchObject({ 'auto-submitted': 'auto-replied', 'x-auto-response-suppress': 'All', 'x-tiketti-instance': 'desk-1' });
  expect(headers).not.toHaveProperty('precedence');
});

test('a notice nobody wrote for is bulk', async () => {
  const headers = await headersOf(addressing({ automatic: 'auto-generated', inReplyTo: null, references: [] }));
  expect(headers).toMatchObject({ 'auto-submitted': 'auto-generated', precedence: 'bulk' });
  expect(headers).not.toHaveProperty('in-reply-to');
  expect(headers).not.toHaveProperty('references');
});

test('of a long thread the first and the newest references remain', async () => {
  const references = Array.from({ length: 60 }, (_, index) => `<m${index}@x.example>`);
  const read = await sent(addressing({ references, inReplyTo: '<m59@x.example>' }));
  const ids = read.references?.split(' ') ?? [];
  expect(ids).toHaveLength(20);
  expect([ids[0], ids[1], ids[19]]).toEqual(['<m0@x.example>', '<m41@x.example>', '<m59@x.example>']);
});

test('the message answered is the last reference even when the thread forgot it', async () => {
  const read = await sent(addressing({ references: ['<a@x.example>'], inReplyTo: 'b@x.example' }));
  expect(read.references).toBe('<a@x.example> <b@x.example>');
});

test('a broken id from outside is left out instead of breaking the thread', async () => {
  const references = ['<ok@x.example>', '<a b@x>\r\nX-Evil: 1', `<${'x'.repeat(2_000)}@x>`, '<ünï@x.example>', ''];
  const bytes = await build(addressing({ references, inReplyTo: '<x\r\nBcc: evil@x.example>' }));
  const read = await PostalMime.parse(bytes);
  expect(read.references).toBe('<ok@x.example>');
  expect(read.inReplyTo).toBeUndefined();
  expectWellFormed(bytes);
});

test('nothing typed anywhere becomes a header', async () => {
  const evil = 'x\r\nBcc: victim@example.com\r\nX-Evil: 1\r\n\r\nbody';
  const at = addressing({
    from: { name: evil, address: `support@desk.example.com${evil}` },
    replyTo: `r@desk.example.com${evil}`,
    to: [{ name: evil, address: `grace@customer.example.net\r\nBcc: victim@example.com` }],
    instance: evil,
  });
  const file = { filename: evil, contentType: `text/plain${evil}`, contentId: evil, bytes: Buffer.from('x') };
  for (const template of TEMPLATES) {
    const mail = composeMail(hostileExample(template), at, strictTranslator('en'));
    const bytes = await buildBytes({ ...mail, subject: evil, language: evil }, at, [file]);
    const read = await PostalMime.parse(bytes);
    const keys = read.headers.map((header) => header.key);
    expect(keys).not.toContain('bcc');
    expect(keys).not.toContain('x-evil');
    expect(keys.filter((key) => key === 'subject')).toHaveLength(1);
    expect(read.bcc ?? []).toEqual([]);
    expectWellFormed(bytes);
  }
});

test('no words, names or file names make a malformed mail', async () => {
  const wild = fc.string({ unit: 'binary', maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(wild, wild, wild, async (subject, name, filename) => {
      const mail = composeMail({ ...example('reply', 'en'), ticket: { number: 'TK-1', subject } }, addressing(), strictTranslator('en'));
      const bytes = await buildBytes(mail, addressing({ to: [{ name, address: 'a@x.example' }] }), [{ ...PDF, filename }]);
      const read = await PostalMime.parse(bytes);
      expectWellFormed(bytes);
      expect(read.subject).toBe(mail.subject);
      expect(read.to?.map((person) => person.address)).toEqual(['a@x.example']);
      expect(read.attachments).toHaveLength(1);
    }),
    { numRuns: 60 },
  );
});

test.each([
  'raportti ääkköset.pdf',
  'отчёт за октябрь — окончательный вариант с очень длинным именем файла.pdf',
  'a "quoted"; name.txt',
  'emoji 🙂.png',
])('the file name %s arrives', async (filename) => {
  const read = await PostalMime.parse(await build(addressing(), [{ ...PDF, filename }]));
  expect(read.attachments[0]?.filename).toBe(filename.replaceAll('"', '_'));
});

test('a very long file name keeps its extension, and a nameless file gets a name', async () => {
  const files = [
    { ...PDF, filename: `${'x'.repeat(500)}.pdf` },
    { ...PDF, filename: '\r\n' },
  ];
  const read = await PostalMime.parse(await build(addressing(), files));
  expect(read.attachments[0]?.filename).toMatch(/^x{1,150}….pdf$/u);
  expect(read.attachments[1]?.filename).toBe('file');
});

test('a picture the words show is inside the mail, and one they do not show is attached', async () => {
  const body = { blocks: [{ type: 'image' as const, fileId: 1, alt: 'Screen', contentId: 'pic1@desk' }] };
  const content = { ...example('reply', 'en'), body, files: [PICTURE] };
  const mail = composeMail(content, addressing(), strictTranslator('en'));
  const read = await PostalMime.parse(
    await buildBytes(mail, addressing(), [PICTURE, { ...PICTURE, contentId: 'pic2@desk', filename: 'b.png' }]),
  );
  expect(read.attachments.map((file) => [file.filename, file.disposition, file.contentId, file.related ?? false])).toEqual([
    ['screen.png', 'inline', '<pic1@desk>', true],
    ['b.png', 'attachment', undefined, false],
  ]);
});

test('a forwarded mail or a made-up type travels as plain bytes', async () => {
  const files = ['message/rfc822', 'multipart/mixed; boundary=x', 'nonsense', 'text/plain; charset="windows-1251"; name=x'].map(
    (contentType) => ({ ...PDF, contentType, bytes: Buffer.from(`From: a@b.c\r\n\r\n${'ö'.repeat(2_000)}`) }),
  );
  const bytes = await build(addressing(), files);
  const read = await PostalMime.parse(bytes);
  expect(read.attachments.map((file) => file.mimeType)).toEqual([
    'application/octet-stream',
    'application/octet-stream',
    'application/octet-stream',
    'text/plain',
  ]);
  expect(bytes.toString()).toContain('Content-Type: text/plain; charset=windows-1251');
  expectWellFormed(bytes);
});

test('the bytes of a file arrive as they were', async () => {
  const every = Buffer.from(Array.from({ length: 1_024 }, (_, index) => index % 256));
  const read = await PostalMime.parse(await build(addressing(), [{ ...PDF, bytes: every }]));
  expect(Buffer.from(read.attachments[0]?.content as ArrayBuffer)).toEqual(every);
});

test('building a mail again gives the same bytes', async () => {
  expect(await build(addressing(), [PDF])).toEqual(await build(addressing(), [PDF]));
});

test('a mail without a proper id or date is our own mistake and is not built', async () => {
  await expect(build(addressing({ messageId: 'a b' }))).rejects.toThrow('Message-ID');
  await expect(build(addressing({ date: 'yesterday' }))).rejects.toThrow('no date');
});

async function build(at: Addressing, files: OutgoingFile[] = []): Promise<Buffer> {
  const mail = composeMail(example('reply', 'en'), at, strictTranslator('en'));
  return Buffer.from(await buildBytes(mail, at, files));
}

async function sent(at: Addressing) {
  return PostalMime.parse(await build(at));
}

async function headersOf(at: Addressing): Promise<Record<string, string>> {
  const { headers } = await sent(at);
  return Object.fromEntries(headers.map(({ key, value }) => [key, value]));
}

function expectWellFormed(bytes: Uint8Array): void {
  const raw = Buffer.from(bytes).toString('latin1');
  expect(raw).not.toMatch(/[^\x01-\x7f]/u);
  expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/u);
  expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(MAX_LINE_OCTETS);
}

function unix(text: string | undefined): string {
  return (text ?? '').replaceAll('\r\n', '\n');
}
