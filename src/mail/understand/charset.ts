import { TextDecoder } from 'node:util';
import { detectCharset, looksMislabelled } from './charset-detect.ts';
import { decodeUtf7 } from './utf7.ts';

export interface Decoded {
  text: string;
  /** What was wrong with the declared charset and how the bytes were read instead. */
  problem: string | null;
}

const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
const CP850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';
const CODE_PAGES = new Map([
  ['cp437', CP437],
  ['ibm437', CP437],
  ['cp850', CP850],
  ['ibm850', CP850],
  ['cp858', CP850],
]);

const ALIASES = new Map([
  ['utf8', 'utf-8'],
  ['utf8mb4', 'utf-8'],
  ['unicode-1-1-utf-7', 'utf-7'],
  ['utf7', 'utf-7'],
  ['gb2312', 'gb18030'],
  ['gbk', 'gb18030'],
  ['cp936', 'gb18030'],
  ['x-gbk', 'gb18030'],
  ['hz-gb-2312', 'gb18030'],
  ['big5-hkscs', 'big5'],
  ['cp950', 'big5'],
  ['cp949', 'euc-kr'],
  ['ms949', 'euc-kr'],
  ['uhc', 'euc-kr'],
  ['cp932', 'shift_jis'],
  ['ms932', 'shift_jis'],
  ['iso-2022-jp-ms', 'iso-2022-jp'],
  ['iso-2022-jp-2', 'iso-2022-jp'],
  ['iso-2022-jp-1', 'iso-2022-jp'],
  ['cp50220', 'iso-2022-jp'],
  ['cp50221', 'iso-2022-jp'],
  ['cp866', 'ibm866'],
  ['koi8', 'koi8-r'],
  ['koi8r', 'koi8-r'],
  ['koi8u', 'koi8-u'],
  ['macroman', 'macintosh'],
  ['mac', 'macintosh'],
  ['tis620', 'windows-874'],
  ['iso8859_1', 'iso-8859-1'],
]);
const UNDECLARED = new Set([
  '',
  'us-ascii',
  'ascii',
  'unknown',
  'unknown-8bit',
  'x-unknown',
  'default',
  'default_charset',
  '8bit',
  'binary',
  'none',
  'x-user-defined',
]);
const CYRILLIC = new Set(['koi8-r', 'koi8-u', 'windows-1251', 'iso-8859-5', 'x-mac-cyrillic', 'ibm866']);

const decoders = new Map<string, TextDecoder | null>();

/** Never fails; `declared` is taken at its word only where the bytes do not contradict it. */
export function decodeBytes(bytes: Uint8Array, declared: string | null, hint: string | null = null): Decoded {
  const label = normalLabel(declared ?? '');
  if (isPlainAscii(bytes)) return { text: latin1(bytes), problem: null };
  if (label === 'utf-7') return { text: decodeUtf7(latin1(bytes)), problem: null };
  const codePage = CODE_PAGES.get(label);
  if (codePage) return { text: decodeCodePage(bytes, codePage), problem: null };
  if (UNDECLARED.has(label)) return guess(bytes, hint, declared ? `8-bit text declared as ${safeLabel(declared)}` : null);
  const decoder = decoderFor(label);
  if (!decoder) return guess(bytes, hint, `unknown charset ${safeLabel(label)}`);
  if (label === 'utf-8') return decodeDeclaredUtf8(bytes, hint);
  return decodeDeclared(bytes, label, decoder);
}

function decodeDeclared(bytes: Uint8Array, label: string, decoder: TextDecoder): Decoded {
  if (!label.startsWith('utf-16') && hasHighBytes(bytes) && isUtf8(bytes)) {
    return { text: decoderFor('utf-8')?.decode(bytes) ?? '', problem: `UTF-8 text declared as ${safeLabel(label)}` };
  }
  if (CYRILLIC.has(label)) {
    const better = looksMislabelled(bytes, label);
    if (better) return { text: decoderFor(better)?.decode(bytes) ?? '', problem: `${better} text declared as ${safeLabel(label)}` };
  }
  const text = decoder.decode(bytes);
  const broken = countReplacements(text);
  if (broken > 0 && broken * 20 > text.length) return guess(bytes, null, `the bytes are not ${safeLabel(label)}`);
  return { text, problem: broken > 0 ? `${broken} characters could not be read as ${safeLabel(label)}` : null };
}

function decodeDeclaredUtf8(bytes: Uint8Array, hint: string | null): Decoded {
  if (isUtf8(bytes)) return { text: decoderFor('utf-8')?.decode(bytes) ?? '', problem: null };
  const text = decoderFor('utf-8')?.decode(bytes) ?? '';
  const broken = countReplacements(text);
  const sound = countNonAscii(text) - broken;
  // A few bad bytes among many good ones are a cut character, not another charset.
  if (sound > broken * 2) return { text, problem: `${broken} characters could not be read as utf-8` };
  return guess(bytes, hint, 'the bytes are not utf-8');
}

function guess(bytes: Uint8Array, hint: string | null, complaint: string | null): Decoded {
  if (hasHighBytes(bytes) && isUtf8(bytes))
    return { text: decoderFor('utf-8')?.decode(bytes) ?? '', problem: complaint && `${complaint}, read as utf-8` };
  const hinted = decodeHinted(bytes, hint);
  if (hinted !== null) return { text: hinted, problem: complaint && `${complaint}, read as ${safeLabel(hint ?? '')}` };
  const charset = detectCharset(bytes);
  const text = (decoderFor(charset) ?? decoderFor('windows-1252'))?.decode(bytes) ?? latin1(bytes);
  return { text, problem: `${complaint ?? '8-bit text without a charset'}, read as ${charset}` };
}

/** The charset of the mail's own body, if it fits without a gap. */
function decodeHinted(bytes: Uint8Array, hint: string | null): string | null {
  const label = normalLabel(hint ?? '');
  const isUseless = UNDECLARED.has(label) || label === 'utf-8' || label === 'utf-7' || label === 'iso-8859-1' || label === 'windows-1252';
  const text = isUseless ? null : decoderFor(label)?.decode(bytes);
  return text === undefined || text === null || countReplacements(text) > 0 ? null : text;
}

function normalLabel(label: string): string {
  const trimmed = label.toLowerCase().replaceAll(/^["'\s]+|["';:\s]+$/g, '');
  const clean =
    ALIASES.has(trimmed) || CODE_PAGES.has(trimmed) ? trimmed : trimmed.replace(/^cp-?(?=\d)/, 'cp').replace(/^cs(?=utf|iso)/, '');
  const alias = ALIASES.get(clean);
  if (alias) return alias;
  const page = /^(?:cp|x-cp|windows|win|ms-?|x-windows-?)[-_]?(125\d|874)$/.exec(clean);
  if (page) return `windows-${page[1]}`;
  const iso = /^(?:x-)?iso[-_]?8859[-_]?(\d{1,2})(?:[-:_].*)?$/.exec(clean);
  if (iso) return iso[1] === '1' ? 'iso-8859-1' : `iso-8859-${iso[1]}`;
  return /^x-utf-?8$|^utf[-_ ]?8/.test(clean) ? 'utf-8' : clean;
}

function decoderFor(label: string): TextDecoder | null {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  const MAX_KEPT_DECODERS = 100;
  const made = makeDecoder(label);
  if (decoders.size < MAX_KEPT_DECODERS) decoders.set(label, made);
  return made;
}

function makeDecoder(label: string): TextDecoder | null {
  if (!/^[a-z0-9:_.-]{2,40}$/.test(label)) return null;
  try {
    const decoder = new TextDecoder(label);
    return decoder.encoding === 'replacement' ? null : decoder;
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    strictUtf8.decode(bytes);
    return true;
  } catch (cause) {
    if (cause instanceof TypeError) return false;
    throw cause;
  }
}

/** 7 bits and no escape: what is the same in every charset (UTF-7 and UTF-16 excepted, which are asked for by name). */
function isPlainAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80 || byte === 0x1b || byte === 0x2b || byte === 0) return false;
  return true;
}

function hasHighBytes(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80) return true;
  return false;
}

export function countReplacements(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', at + 1)) count++;
  return count;
}

function countNonAscii(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) count++;
  return count;
}

function decodeCodePage(bytes: Uint8Array, table: string): string {
  return latin1(bytes).replaceAll(/[\x80-\xff]/g, (char) => table[char.charCodeAt(0) - 0x80] ?? '?');
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function safeLabel(label: string): string {
  return label.slice(0, 40).replaceAll(/[^\w.:-]+/g, '?');
}
