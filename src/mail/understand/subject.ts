/** Prefixes by which mail programs say "reply" and "forward", in the languages they are used in. */
const REPLY_PREFIXES = [
  're',
  'aw',
  'antw',
  'antwort',
  'sv',
  'svar',
  'vs',
  'ref',
  'rif',
  'r',
  'res',
  'odp',
  'ynt',
  'ytt',
  'отв',
  'ответ',
  'ha',
  'на',
  'вiдп',
  'відп',
  'ats',
  'atb',
  'vá',
  'vá',
  'yan',
  '回复',
  '答复',
  '回覆',
  'bls',
];
const FORWARD_PREFIXES = [
  'fwd',
  'fw',
  'wg',
  'wtr',
  'weitergeleitet',
  'vb',
  'vl',
  'vs. fwd',
  'edelleenlähetetty',
  'välitetty',
  'vidarebefordrat',
  'tr',
  'transf',
  'i',
  'rv',
  'enc',
  'res. enc',
  'doorst',
  'dw',
  'vid',
  'vidb',
  'vds',
  'videresendt',
  'pd',
  'pdl',
  'přep',
  'továbbítás',
  'tov',
  'ilt',
  'i̇lt',
  'İlt',
  'İLT',
  'пересл',
  'перес',
  'пер',
  'fs',
  'edasi',
  'pārsūt',
  'persiųsta',
  'red',
  'preposlané',
  'předáno',
  'proslijeđeno',
  'redirect',
  '转发',
  '轉寄',
  'inoltro',
  'vz',
];
const MAX_PREFIXES = 20;

const REPLY = prefixPattern(REPLY_PREFIXES);
const FORWARD = prefixPattern(FORWARD_PREFIXES);
const LIST_TAG =
  /^\s*(?:\[(?:external|ext|extern|spam|suspected spam|bulk|ulkoinen|внешний|внешнее)[^\]]{0,20}\]|\*{2,5}\s*(?:spam|suspected spam|junk)\s*\*{2,5})[:\s]*/i;

function prefixPattern(words: string[]): RegExp {
  const alternatives = words.toSorted((left, right) => right.length - left.length).map((word) => word.replaceAll('.', String.raw`\.`));
  return new RegExp(String.raw`^\s*(?:${alternatives.join('|')})\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{0,2})\s*[:：]\s*`, 'iu');
}

/** The subject without `Re:`, `VS:`, `[EXTERNAL]` and their like: what is shown and compared. */
export function bareSubject(subject: string): string {
  let bare = subject.trim();
  for (let count = 0; count < MAX_PREFIXES; count++) {
    const shorter = bare.replace(LIST_TAG, '').replace(REPLY, '').replace(FORWARD, '');
    if (shorter === bare) break;
    bare = shorter;
  }
  return bare.trim() || subject.trim();
}

export function hasReplyPrefix(subject: string): boolean {
  return REPLY.test(subject.replace(LIST_TAG, ''));
}

export function hasForwardPrefix(subject: string): boolean {
  const first = subject.replace(LIST_TAG, '');
  return FORWARD.test(first) || FORWARD.test(first.replace(REPLY, ''));
}

/** In Finnish `VS:` answers, in Danish it forwards; the mail's own words must decide. */
export function mayBeDanishForward(subject: string): boolean {
  return /^\s*vs\s*:/i.test(subject.replace(LIST_TAG, ''));
}

export function withoutForwardPrefix(subject: string): string {
  const first = subject.replace(LIST_TAG, '');
  return first.replace(FORWARD, '').trim();
}
