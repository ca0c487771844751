import { describe, expect, test } from 'vitest';
import { decompressRtf } from '#mail/understand/compressed-rtf.ts';
import { EMPTY_CONTEXT } from '#mail/understand/letter.ts';
import { understand } from '#mail/understand/parse.ts';
import { isTnef, unpackTnef } from '#mail/understand/tnef.ts';
import { decodeTransfer } from '#mail/understand/transfer.ts';
import { mailOf, withFixture } from './fixture.ts';

function number(value: number, length: 2 | 4 = 4): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntLE(value, 0, length);
  return bytes;
}

function attribute(level: 1 | 2, id: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([level]), number(id), number(data.length), data, number(0, 2)]);
}

/** One MAPI property whose value is UTF-16 text. */
function unicodeProperty(id: number, text: string): Buffer {
  const value = Buffer.from(`${text}\u0000`, 'utf16le');
  const padding = Buffer.alloc((4 - (value.length % 4)) % 4);
  return Buffer.concat([number(0x001f, 2), number(id, 2), number(1), number(value.length), value, padding]);
}

const LONG_NAME = Buffer.concat([number(1), unicodeProperty(0x3707, 'pöytäkirja lokakuu.pdf')]);
const WINMAIL = Buffer.concat([
  number(0x223e9f78),
  number(1, 2),
  attribute(1, 0x0002800c, Buffer.from('The body in plain text\u0000')),
  attribute(2, 0x00069002, Buffer.alloc(14)),
  attribute(2, 0x00018010, Buffer.from('POYTAK~1.PDF\u0000')),
  attribute(2, 0x0006800f, Buffer.from('%PDF-1.4')),
  attribute(2, 0x00069005, LONG_NAME),
  attribute(2, 0x00069002, Buffer.alloc(14)),
  attribute(2, 0x00018010, Buffer.from('second.txt\u0000')),
  attribute(2, 0x0006800f, Buffer.from('two')),
]);

describe('winmail.dat', () => {
  test('is unpacked, under the long names of its files', () => {
    expect(unpackTnef(WINMAIL).map(({ filename, content }) => [filename, content.toString()])).toEqual([
      ['pöytäkirja lokakuu.pdf', '%PDF-1.4'],
      ['second.txt', 'two'],
      ['body.txt', 'The body in plain text'],
    ]);
  });

  test('is kept beside the files it held', async () => {
    const body = `--b\r\n\r\nSee\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n${WINMAIL.toString('base64')}\r\n--b--`;
    const { attachments } = await understand(mailOf(['Content-Type: multipart/mixed; boundary=b'], body), EMPTY_CONTEXT);
    expect(attachments.map(({ filename, from }) => [filename, from])).toEqual([
      ['winmail.dat', 'mime'],
      ['pöytäkirja lokakuu.pdf', 'tnef'],
      ['second.txt', 'tnef'],
      ['body.txt', 'tnef'],
    ]);
  });

  test('cut anywhere gives what can be read', () => {
    for (let end = 0; end < WINMAIL.length; end++) expect(() => unpackTnef(WINMAIL.subarray(0, end))).not.toThrow();
    expect(isTnef(Buffer.from('not one'))).toBe(false);
  });
});

test('the compressed RTF of the format’s own description is read', () => {
  const compressed = Buffer.from(
    '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
    'hex',
  );
  expect(decompressRtf(compressed).toString()).toBe(String.raw`{\rtf1\ansi\ansicpg1252\pard hello world}` + '\r\n');
});

describe('opaque S/MIME signatures', () => {
  test('are opened', async () => {
    expect(await withFixture('smime-opaque-signed')).toMatchObject({ text: 'Signed inside.', attachments: [] });
  });

  test('encrypted mail stays a file, and says so', async () => {
    const { attachments, problems } = await understand(
      mailOf(['Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m'], 'MIIB'),
      EMPTY_CONTEXT,
    );
    expect(attachments.map(({ filename }) => filename)).toEqual(['smime.p7m']);
    expect(problems).toContain('the mail is encrypted and cannot be read');
  });
});

describe('transfer encodings', () => {
  const decode = (encoding: string, text: string): string => decodeTransfer(Buffer.from(text, 'latin1'), encoding).toString('latin1');

  test.each([
    ['base64', 'SGVsbG8=', 'Hello'],
    ['base64', 'SGVs\r\nbG8', 'Hello'],
    ['base64', 'SGVsbG8=\r\nSGVsbG8=', 'HelloHello'],
    ['base64', 'SGV!s*bG8=', 'Hello'],
    ['quoted-printable', 'P=E4iv=e4=\r\n=E4', 'P\xe4iv\xe4\xe4'],
    ['quoted-printable', 'a=  \r\nb', 'ab'],
    ['quoted-printable', '100 = 100 =ZZ', '100 = 100 =ZZ'],
    ['x-uuencode', 'begin 644 a.txt\n%:&5L;&\\\n`\nend\n', 'hello'],
    ['x-uuencode', '%:&5L;&\\\n`\n', 'hello'],
    ['8bit', 'P\xe4iv\xe4\xe4', 'P\xe4iv\xe4\xe4'],
    ['no-such-encoding', 'kept', 'kept'],
  ])('%s: %j', (encoding, text, decoded) => {
    expect(decode(encoding, text)).toBe(decoded);
  });
});
