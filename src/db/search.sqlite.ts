import type { SearchKind } from './database.ts';
import type { Question, Text } from './search.ts';
import { askedWords, boundedLimit, hasParts, indexedWords } from './search-words.ts';

/** Of a piece that is inside of many words, the newest so many are looked at. */
const MAX_LOOKED_AT = 1_000;
const MAX_BEGINNINGS = 20_000;

type Ask = <T>(text: string, ...parameters: unknown[]) => T[];
type Change = (text: string, ...parameters: unknown[]) => void;

const WORDS: Record<SearchKind, string> = { ticket: 'search_ticket_words', person: 'search_person_words' };
const PARTS: Record<SearchKind, string> = { ticket: 'search_ticket_parts', person: 'search_person_parts' };

/** Newest first is the order the index is kept in, so a common word costs no more than a rare one. */
export function searchSqlite(ask: Ask, { kind, words, limit }: Question): number[] {
  const asked = askedWords(words);
  const most = boundedLimit(limit);
  if (asked.length === 0 || most === 0) return [];
  const beginning = ask<Found>(`select rowid as id from ${WORDS[kind]}(?) order by rowid desc limit ?`, beginningWith(asked), most);
  const long = asked.filter(hasParts);
  if (beginning.length >= most || long.length === 0) return ids(beginning);
  const short = asked.filter((word) => !hasParts(word));
  if (short.length === 0) {
    return ids(ask<Found>(`select rowid as id from ${PARTS[kind]}(?) order by rowid desc limit ?`, containing(long), most));
  }
  const inside = ids(ask<Found>(`select rowid as id from ${PARTS[kind]}(?) order by rowid desc limit ?`, containing(long), MAX_LOOKED_AT));
  return beginningToo(ask, { kind, among: inside, short }).slice(0, most);
}

/** Of these, those with words that begin with the short pieces. Asked as one join, SQLite looks the pieces up anew for every row. */
function beginningToo(ask: Ask, { kind, among, short }: { kind: SearchKind; among: number[]; short: string[] }): number[] {
  const [newest, oldest] = [among[0], among.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const text = `select rowid as id from ${WORDS[kind]}(?) where rowid between ? and ? order by rowid desc limit ?`;
  const found = new Set(ids(ask<Found>(text, beginningWith(short), oldest, newest, MAX_BEGINNINGS)));
  return among.filter((id) => found.has(id));
}

export function indexSqlite(change: Change, { kind, id, text }: Text): void {
  const words = indexedWords(text).join(' ');
  for (const table of [WORDS[kind], PARTS[kind]]) {
    change(`delete from ${table} where rowid = ?`, id);
    if (words !== '') change(`insert into ${table} (rowid, words) values (?, ?)`, id, words);
  }
}

interface Found {
  id: number;
}

const ids = (rows: Found[]) => rows.map((row) => row.id);

/** Words are letters and digits only; the quotes keep AND, OR and NOT from being operators. */
const beginningWith = (words: string[]) => words.map((word) => `"${word}"*`).join(' ');
const containing = (words: string[]) => words.map((word) => `"${word}"`).join(' ');
