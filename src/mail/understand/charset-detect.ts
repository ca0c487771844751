import { TextDecoder } from 'node:util';
/** Guessing a charset from bytes alone, by script. Only a sample is read. */
const SAMPLE_BYTES = 16 * 1024;
const FALLBACK = 'windows-1252';
const CYRILLIC_CANDIDATES = ['windows-1251', 'koi8-r', 'iso-8859-5', 'ibm866'];
const COMMON_CYRILLIC = new Map([...'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё'].map((letter, rank) => [letter, 33 - rank]));

export function detectCharset(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  if (hasJapaneseEscape(sample)) return 'iso-2022-jp';
  const runs = highRuns(sample);
  if (runs.count === 0) return FALLBACK;
  // Latin text has lone accented letters; Cyrillic text is words of nothing but high bytes.
  const cyrillic = runs.bytes / runs.count < 2.2 ? null : bestCyrillic(sample);
  const MIN_SCORE_PER_BYTE = 12;
  if (cyrillic && cyrillicScore(sample, cyrillic) / runs.bytes >= MIN_SCORE_PER_BYTE) return cyrillic;
  return detectEastAsian(sample, runs) ?? cyrillic ?? FALLBACK;
}

/** Another Cyrillic charset under which the text is clearly better Russian. */
export function looksMislabelled(bytes: Uint8Array, declared: string): string | null {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const best = bestCyrillic(sample);
  if (!best || best === declared || (best === 'koi8-r' && declared === 'koi8-u')) return null;
  const CLEARLY_BETTER = 1.6;
  return cyrillicScore(sample, best) > CLEARLY_BETTER * Math.max(1, cyrillicScore(sample, declared)) ? best : null;
}

function bestCyrillic(sample: Uint8Array): string | null {
  const ranked = CYRILLIC_CANDIDATES.map((charset) => ({ charset, score: cyrillicScore(sample, charset) })).toSorted(
    (left, right) => right.score - left.score,
  );
  const best = ranked[0];
  return best && best.score > 0 ? best.charset : null;
}

function cyrillicScore(sample: Uint8Array, charset: string): number {
  const text = new TextDecoder(charset).decode(sample);
  let score = 0;
  let previousIsLower = false;
  for (const char of text) {
    const rank = COMMON_CYRILLIC.get(char);
    if (rank !== undefined) score += rank;
    else if (/[А-ЯЁ]/.test(char)) score += previousIsLower ? -20 : 4;
    else if (char > '\u007f') score -= 20;
    previousIsLower = rank !== undefined;
  }
  return score;
}

function highRuns(sample: Uint8Array): { bytes: number; count: number } {
  let bytes = 0;
  let count = 0;
  let isInRun = false;
  for (const byte of sample) {
    const isHigh = byte >= 0x80;
    if (isHigh) bytes++;
    if (isHigh && !isInRun) count++;
    isInRun = isHigh;
  }
  return { bytes, count };
}

function hasJapaneseEscape(sample: Uint8Array): boolean {
  for (let at = sample.indexOf(0x1b); at !== -1; at = sample.indexOf(0x1b, at + 1)) {
    if (sample[at + 1] === 0x24 && (sample[at + 2] === 0x42 || sample[at + 2] === 0x40)) return true;
  }
  return false;
}

const KANA = /[\u3040-\u30ff]/g;
const BIG5_COMMON =
  /[的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長您請謝問]/g;

/** By how the bytes pair up: EUC-style text is nothing but pairs of high bytes, and each country uses its own rows. */
function detectEastAsian(sample: Uint8Array, runs: { bytes: number; count: number }): string | null {
  const MIN_HIGH_BYTES = 4;
  if (runs.bytes < MIN_HIGH_BYTES) return null;
  if (share(sample, 'shift_jis', KANA) >= 0.3) return 'shift_jis';
  const rows = eucRows(sample);
  if (rows) return rows;
  return runs.bytes / runs.count >= 1.2 && share(sample, 'big5', BIG5_COMMON) >= 0.12 ? 'big5' : null;
}

function eucRows(sample: Uint8Array): string | null {
  let [kana, hangul, hanzi, marks, all] = [0, 0, 0, 0, 0];
  for (let at = 0; at < sample.length; at++) {
    const lead = sample[at] ?? 0;
    if (lead < 0x80) continue;
    const trail = sample[++at];
    if (lead < 0xa1 || trail === undefined || trail < 0xa1)
      return at >= sample.length - 1 && all > 1 ? eucVerdict({ kana, hangul, hanzi, marks, all }) : null;
    all++;
    if (lead === 0xa4 || lead === 0xa5) kana++;
    else if (lead <= 0xa3) marks++;
    if (lead >= 0xb0 && lead <= 0xc8) hangul++;
    if (lead >= 0xb0 && lead <= 0xd7) hanzi++;
  }
  return eucVerdict({ kana, hangul, hanzi, marks, all });
}

function eucVerdict({
  kana,
  hangul,
  hanzi,
  marks,
  all,
}: {
  kana: number;
  hangul: number;
  hanzi: number;
  marks: number;
  all: number;
}): string | null {
  const words = all - marks;
  if (words < 2) return null;
  if (kana / words >= 0.3) return 'euc-jp';
  if (hangul / words >= 0.97) return 'euc-kr';
  return hanzi / words >= 0.85 ? 'gb18030' : null;
}

function share(sample: Uint8Array, charset: string, common: RegExp): number {
  const text = new TextDecoder(charset).decode(sample);
  if (text.slice(0, -1).includes('\ufffd')) return 0;
  const wide = text.match(/[\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef]/g)?.length ?? 0;
  return wide === 0 ? 0 : (text.match(common)?.length ?? 0) / wide;
}
