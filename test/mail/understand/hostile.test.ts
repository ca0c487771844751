import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_CONTEXT } from '#mail/understand/letter.ts';
import type { Letter } from '#mail/understand/letter.ts';
import { understand } from '#mail/understand/parse.ts';
import { fixtureBytes, mailOf } from './fixture.ts';

const LIMIT_MS = 2_000;

async function timed(raw: Uint8Array): Promise<{ letter: Letter; ms: number }> {
  // Processor time, because the machine may be busy with other things.
  const startedAt = process.cpuUsage();
  const letter = await understand(raw, EMPTY_CONTEXT);
  return { letter, ms: process.cpuUsage(startedAt).user / 1_000 };
}

const HEADERS = ['From: a@example.com', 'Subject: Re: x'];
const mail = (type: string, body: string): Buffer => mailOf([...HEADERS, `Content-Type: ${type}`], body);

test.each<[string, Buffer]>([
  ['a million >', mail('text/plain', '>'.repeat(1_000_000))],
  ['a million lines of >', mail('text/plain', '>\n'.repeat(1_000_000))],
  ['ten thousand parts', mail('multipart/mixed; boundary=b', `${'--b\r\n\r\nx\r\n'.repeat(10_000)}--b--`)],
  [
    'ten thousand levels',
    Buffer.from(Array.from({ length: 10_000 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`).join('')),
  ],
  ['a header of 1 MB', mailOf([`X-Long: ${'a'.repeat(1_000_000)}`], 'x')],
  ['a hundred thousand headers', mailOf(['X-A: b\r\n'.repeat(100_000).trimEnd()], 'x')],
  ['an address header of 800 kB', mailOf([`To: ${'a@example.com, '.repeat(50_000)}`], 'x')],
  ['open brackets in an address', mailOf([`To: ${'<('.repeat(30_000)}`], 'x')],
  ['half an encoded word, often', mailOf([`Subject: ${'=?utf-8?q?'.repeat(6_000)}`], 'x')],
  ['a line of a million dashes', mail('text/plain', '-'.repeat(1_000_000))],
  ['attributions without end', mail('text/plain', 'On 2020 x wrote:\n'.repeat(100_000))],
  ['labels without end', mail('text/plain', 'From: a\nSent: b\nTo: c\n'.repeat(50_000))],
  ['answers and quotes without end', mail('text/plain', 'On 1.1.2020 x wrote:\n> a\nb\n'.repeat(50_000))],
  ['a line of a million @', mail('text/plain', '@'.repeat(1_000_000))],
  ['300 000 open div', mail('text/html', '<div>'.repeat(300_000))],
  ['div closed by b', mail('text/html', '<div></b>'.repeat(200_000))],
  ['quotes in quotes in HTML', mail('text/html', '<blockquote type=cite>x'.repeat(100_000))],
  ['a million <', mail('text/html', '<'.repeat(1_000_000))],
  ['a million &', mail('text/html', '&'.repeat(1_000_000))],
  ['comments that never close', mail('text/html', '<!--'.repeat(300_000))],
  ['a style of 900 kB', mail('text/html', `<p style="${'color:red;'.repeat(90_000)}">x</p>`)],
  ['words of failure', mailOf(['From: mailer-daemon@example.com', 'Subject: failure notice'], 'account user mailbox '.repeat(50_000))],
  ['a megabyte of nothing', Buffer.alloc(1_000_000)],
])('%s takes less than two seconds', async (_, raw) => {
  const { ms } = await timed(raw);
  expect(ms).toBeLessThan(LIMIT_MS);
});

test('no bytes are no mail, and still a letter', async () => {
  const { letter } = await timed(new Uint8Array());
  expect(letter).toMatchObject({ text: '', subject: '', messageId: null, kind: 'message', suppressAutoReply: true });
});

test('parts beyond the limits are counted, not silently lost', async () => {
  const { letter } = await timed(
    mail('multipart/mixed; boundary=b', `${'--b\r\nContent-Type: image/png\r\n\r\nx\r\n'.repeat(2_000)}--b--`),
  );
  expect(letter.attachments).toHaveLength(200);
  expect(letter.problems).toEqual(
    expect.arrayContaining([expect.stringContaining('parts over the limit'), expect.stringContaining('files over the limit')]),
  );
});

test('a multipart without its boundary is shown as text', async () => {
  const { letter } = await timed(mail('multipart/mixed', 'Hello there'));
  expect(letter.text).toBe('Hello there');
  expect(letter.problems).toContain('a multipart without its boundary was read as text');
});

test('a missing closing boundary loses nothing', async () => {
  const { letter } = await timed(
    mail('multipart/mixed; boundary=b', '--b\r\n\r\nHello\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\n1,2'),
  );
  expect(letter.text).toBe('Hello');
  expect(letter.attachments.map(({ filename, size }) => [filename, size])).toEqual([['a.csv', 3]]);
});

test.each(['gmail-reply-finnish', 'bounce-standard-report', 'inline-image-and-file', 'forward-as-attachment'])(
  'cut anywhere, with any line ends, %s is still a letter',
  async (name) => {
    const raw = await fixtureBytes(name);
    for (let end = 0; end < raw.length; end += 97) expect((await timed(raw.subarray(0, end))).ms).toBeLessThan(LIMIT_MS);
    for (const lineEnd of ['\n', '\r']) {
      const { letter } = await timed(Buffer.from(raw.toString('latin1').replaceAll('\r\n', lineEnd), 'latin1'));
      expect(letter.from.address).not.toBe('');
    }
  },
);

test('no bytes make it throw', async () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.constantFrom(
      '\r\n',
      '\n',
      '--b\r\n',
      '--b--',
      'Content-Type: multipart/mixed; boundary=b\r\n',
      'Content-Type: text/html\r\n',
      '<div>',
      '=?utf-8?q?=',
      'begin 644 a\n',
      '> ',
      'From: ',
      'On 1.1.2020 x wrote:\n',
      '\r\n\r\n',
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const letter = await understand(Buffer.from(pieces.join(''), 'latin1'), EMPTY_CONTEXT);
      expect(letter.text.isWellFormed()).toBe(true);
      expect(structuredClone(letter).contentDigest).toHaveLength(64);
    }),
    { numRuns: 300 },
  );
});
