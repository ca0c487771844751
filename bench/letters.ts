import { chanceOf } from '../src/cli/seed-chance.ts';
import { addressPart, complaint, filled, SPEECHES, someLanguage } from '../src/cli/seed-speech.ts';

export const OUR_ADDRESS = 'support@bench.example';

export const MIX = '80 % plain text of 1–3 kB, 15 % text and HTML of 8–14 kB, 5 % with a file of 40–80 kB; en, fi, sv and ru';

export interface Letter {
  from: string;
  bytes: Buffer;
}

/** A domain may get 30 automatic mails an hour: nobody here comes near any budget. */
const PEOPLE_A_DOMAIN = 20;
const HTML_SHARE = 0.15;
const FILE_SHARE = 0.05;

/** So many different mails by so many different people. `series` keeps one run's apart from another's. */
export function makeLetters(count: number, series: string): Letter[] {
  const chance = chanceOf(count + series.length);
  return Array.from({ length: count }, (_, index) => {
    const language = someLanguage(chance);
    const speech = SPEECHES[language];
    const name = `${chance.oneOf(speech.first)} ${chance.oneOf(speech.last)}`;
    const from = `${addressPart(name)}.${index}@${series}-${Math.floor(index / PEOPLE_A_DOMAIN)}.example`;
    const text = Array.from({ length: 1 + chance.below(5) }, () => complaint(chance, speech, name).text).join('\n\n');
    const lot = chance.next();
    const body =
      lot < FILE_SHARE ? withFile(text, 40_000 + chance.below(40_000)) : lot < FILE_SHARE + HTML_SHARE ? withHtml(text) : plain(text);
    const head = [
      `From: ${encoded(name)} <${from}>`,
      `To: Support <${OUR_ADDRESS}>`,
      `Subject: ${encoded(filled(chance.oneOf(speech.subjects), chance, speech))}`,
      `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <${series}.${index}.${chance.below(1e9)}@${series}.example>`,
      'MIME-Version: 1.0',
    ];
    return { from, bytes: Buffer.from(stuffed(`${head.join('\r\n')}\r\n${body}`)) };
  });
}

function plain(text: string): string {
  return `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(Buffer.from(text))}\r\n`;
}

function withHtml(text: string): string {
  const rows = text.split('\n').map((line) => `<p style="margin:0 0 8px 0;font-family:Arial,sans-serif;color:#333333">${line}</p>`);
  const html = `<html><head><style>p { line-height: 1.4 }</style></head><body><table width="600"><tr><td>${rows.join('\n')}</td></tr></table></body></html>`;
  const htmlPart = `Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(Buffer.from(html.repeat(1)))}`;
  return multipart('alternative', [plain(text), htmlPart]);
}

function withFile(text: string, size: number): string {
  const bytes = Buffer.alloc(size, text);
  const file = `Content-Type: application/octet-stream; name="log.bin"\r\nContent-Disposition: attachment; filename="log.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(bytes)}`;
  return multipart('mixed', [plain(text), file]);
}

function multipart(kind: string, parts: string[]): string {
  const pieces = parts.map((part) => `--edge\r\n${part}\r\n`).join('');
  return `Content-Type: multipart/${kind}; boundary="edge"\r\n\r\n${pieces}--edge--\r\n`;
}

function encoded(words: string): string {
  return `=?utf-8?B?${Buffer.from(words).toString('base64')}?=`;
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n');
}

/** RFC 5321 §4.5.2. */
function stuffed(text: string): string {
  return text.replaceAll(/^\./gm, '..');
}
