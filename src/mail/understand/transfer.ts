/** Content-Transfer-Encodings. Each decoder keeps what it cannot read rather than losing it. */
const EQUALS = 0x3d;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export function decodeTransfer(bytes: Buffer, encoding: string): Buffer {
  switch (encoding) {
    case 'base64':
      return decodeBase64(bytes.toString('latin1'));
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes);
    case 'uuencode':
    case 'x-uuencode':
    case 'uue':
    case 'x-uue':
      return decodeUuencodedBody(bytes.toString('latin1'));
    default:
      return bytes;
  }
}

/** Padding in the middle ends a unit: some mailers encode piece by piece. */
export function decodeBase64(text: string): Buffer {
  const clean = text.replaceAll(/[^A-Za-z0-9+/=]+/g, '');
  const firstPad = clean.indexOf('=');
  if (firstPad === -1 || /^=+$/.test(clean.slice(firstPad, firstPad + 4)) || clean.length - firstPad <= 2)
    return Buffer.from(clean, 'base64');
  return Buffer.concat(clean.split(/=+/).map((unit) => Buffer.from(unit, 'base64')));
}

export function decodeQuotedPrintable(bytes: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let size = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== EQUALS) {
      out[size++] = byte;
      continue;
    }
    const soft = softBreakEnd(bytes, at + 1);
    if (soft > 0) {
      at = soft - 1;
      continue;
    }
    const value = hexValue(bytes[at + 1]) * 16 + hexValue(bytes[at + 2]);
    if (value >= 0) at += 2;
    out[size++] = value >= 0 ? value : EQUALS;
  }
  return out.subarray(0, size);
}

function softBreakEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at - from < 8 && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  if (bytes[at] === LINE_FEED) return at + 1;
  if (bytes[at] === CARRIAGE_RETURN) return bytes[at + 1] === LINE_FEED ? at + 2 : at + 1;
  return at >= bytes.length ? bytes.length : 0;
}

const NOT_HEX = -1_000;

function hexValue(byte: number | undefined): number {
  if (byte === undefined) return NOT_HEX;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte & 0xdf;
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x41 + 10 : NOT_HEX;
}

export interface Uuencoded {
  filename: string;
  content: Buffer;
}

const BEGIN = /^begin(?:-base64)? [0-7]{3,4} (\S.*)$/;

function decodeUuencodedBody(text: string): Buffer {
  const { files } = extractUuencoded(text);
  return files[0]?.content ?? headlessUuencoded(text) ?? Buffer.from(text, 'latin1');
}

/** Some mailers leave out the `begin` line, because the headers say it all. */
function headlessUuencoded(text: string): Buffer | null {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '' && line !== 'end');
  if (lines.length === 0 || !lines.every(isUuencodedLine)) return null;
  return Buffer.concat(lines.map(uudecodeLine));
}

/** Files that old mailers put between `begin 644 name` and `end` inside the text. */
export function extractUuencoded(text: string): { text: string; files: Uuencoded[] } {
  if (!/^begin(?:-base64)? [0-7]{3}/m.test(text)) return { text, files: [] };
  const kept: string[] = [];
  const files: Uuencoded[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? '').trimEnd();
    const block = BEGIN.test(line) ? readUuencoded(lines, at) : null;
    if (!block) kept.push(lines[at] ?? '');
    else {
      files.push({ filename: BEGIN.exec(line)?.[1] ?? 'file', content: block.content });
      at = block.last;
    }
  }
  return { text: kept.join('\n'), files };
}

function readUuencoded(lines: string[], begin: number): { content: Buffer; last: number } | null {
  const isBase64 = (lines[begin] ?? '').startsWith('begin-base64');
  const pieces: Buffer[] = [];
  for (let at = begin + 1; at < lines.length; at++) {
    const line = (lines[at] ?? '').replace(/\r$/, '');
    if (line === 'end' || line === '====') return { content: Buffer.concat(pieces), last: at };
    if (isBase64) pieces.push(Buffer.from(line, 'base64'));
    else if (line !== '' && !isUuencodedLine(line)) return null;
    else pieces.push(uudecodeLine(line));
  }
  return pieces.length > 0 ? { content: Buffer.concat(pieces), last: lines.length - 1 } : null;
}

function isUuencodedLine(line: string): boolean {
  const length = (line.charCodeAt(0) - 32) & 63;
  return length <= 45 && line.length - 1 <= Math.ceil(length / 3) * 4 + 2;
}

function uudecodeLine(line: string): Buffer {
  if (line === '') return Buffer.alloc(0);
  const length = (line.charCodeAt(0) - 32) & 63;
  const out = Buffer.alloc(Math.ceil(length / 3) * 3);
  for (let at = 1, size = 0; size < length; at += 4, size += 3) {
    const [a, b, c, d] = [0, 1, 2, 3].map((offset) => ((line.charCodeAt(at + offset) || 32) - 32) & 63) as [number, number, number, number];
    out[size] = (a << 2) | (b >> 4);
    out[size + 1] = ((b & 15) << 4) | (c >> 2);
    out[size + 2] = ((c & 3) << 6) | d;
  }
  return out.subarray(0, length);
}
