import { createHash } from 'node:crypto';

/** Who writes what, before it is a mail. */
export interface Skeleton {
  number: number;
  name: string;
  from: string;
  to: string;
  subject: string;
  text: string;
}

interface Broken {
  bytes: Buffer;
  /** Of those attachments that are whole in spite of all. */
  sha256s?: string[];
}

type Break = (skeleton: Skeleton, head: string[]) => Broken;

const PLAIN = 'Content-Type: text/plain; charset=utf-8';

const without = (head: string[], ...names: string[]) => head.filter((line) => !names.some((name) => line.startsWith(`${name}:`)));
const mail = (head: string[], body: string, encoding: BufferEncoding = 'utf8'): Broken => ({
  bytes: Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}\r\n`, encoding),
});
const piece = (type: string, body: string) => `--edge\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;

/** What programs of the world really do to mail, one each. */
export const breakages: [[string, Break], ...[string, Break][]] = [
  ['no From', ({ text }, head) => mail([...without(head, 'From'), PLAIN], text)],
  ['a From without an address', ({ name, text }, head) => mail([...without(head, 'From'), `From: ${encodeURI(name)}`, PLAIN], text)],
  [
    'a multipart without boundary',
    ({ text }, head) => mail([...head, 'Content-Type: multipart/mixed'], `${piece('text/plain', text)}--edge--`),
  ],
  [
    'a multipart without its end',
    ({ text }, head) => mail([...head, 'Content-Type: multipart/mixed; boundary="edge"'], piece('text/plain; charset=utf-8', text)),
  ],
  [
    'a multipart within one of the same boundary',
    ({ text }, head) =>
      mail(
        [...head, 'Content-Type: multipart/mixed; boundary="edge"'],
        `${piece('multipart/alternative; boundary="edge"', piece('text/plain; charset=utf-8', text))}--edge--`,
      ),
  ],
  [
    'a charset that lies',
    ({ number }, head) => mail([...head, PLAIN], `Tulostin ${number} ei käynnisty, lämpö on yli sallitun määrän.`, 'latin1'),
  ],
  ['a charset nobody knows', ({ text }, head) => mail([...head, 'Content-Type: text/plain; charset=x-klingon'], text)],
  [
    'a header of raw 8-bit bytes',
    ({ number, from }, head) =>
      mail(
        [...without(head, 'Subject', 'From'), `From: Yrjö Mäkelä <${from}>`, `Subject: Näyttö ${number} särkyi`, PLAIN],
        'The screen is broken.',
        'latin1',
      ),
  ],
  ['an empty body', (_skeleton, head) => mail([...head, PLAIN], '')],
  ['nothing after the header', (_skeleton, head) => ({ bytes: Buffer.from(`${head.join('\r\n')}\r\n`) })],
  ['base64 with rubbish in it, cut short', ({ number }, head) => cutFile(number, head)],
  ['a file whose name is no name', ({ number, text }, head) => oddName(number, text, head)],
  ['a subject of half an encoded word', ({ text }, head) => mail([...without(head, 'Subject'), 'Subject: =?utf-8?B?w6Q', PLAIN], text)],
  ['no date, no id, no subject', ({ text }, head) => mail([...without(head, 'Date', 'Message-ID', 'Subject'), PLAIN], text)],
  ['a date that never was', ({ text }, head) => mail([...without(head, 'Date'), 'Date: Foo, 99 Bar 20999 99:99', PLAIN], text)],
  ['zero bytes in the text', ({ text }, head) => mail([...head, PLAIN], text.replaceAll(' ', ' \0'))],
  [
    'quoted-printable that is none',
    ({ text }, head) => mail([...head, PLAIN, 'Content-Transfer-Encoding: quoted-printable'], `=ZZ =C3 ${text} =`),
  ],
  ['a line without end', ({ number }, head) => mail([...head, PLAIN], `${number} ${'the printer is on fire '.repeat(3_000)}`)],
  ['a header line without a name', ({ text }, head) => mail([...head, 'this is no header', PLAIN], text)],
  [
    'a thousand headers',
    ({ text }, head) => mail([...head, ...Array.from({ length: 1_000 }, (_, at) => `X-Hop-${at}: ${at}`), PLAIN], text),
  ],
];

function cutFile(number: number, head: string[]): Broken {
  const base64 = Buffer.from(`file of letter ${number} `.repeat(200)).toString('base64');
  const file = `--edge\r\nContent-Type: application/pdf; name="scan.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64.slice(0, 300)}!!%%\r\n${base64.slice(300, 1_001)}`;
  return mail([...head, 'Content-Type: multipart/mixed; boundary="edge"'], `${piece('text/plain', 'See the scan.')}${file}`);
}

function oddName(number: number, text: string, head: string[]): Broken {
  const bytes = Buffer.from(`the file of letter ${number}`);
  const file = `--edge\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="../../etc/passwd\u202e"\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}\r\n`;
  const whole = mail(
    [...head, 'Content-Type: multipart/mixed; boundary="edge"'],
    `${piece('text/plain; charset=utf-8', text)}${file}--edge--`,
  );
  return { ...whole, sha256s: [createHash('sha256').update(bytes).digest('hex')] };
}
