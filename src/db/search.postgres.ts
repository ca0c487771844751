import type { SearchKind } from './database.ts';
import type { Query } from './postgres-session.ts';
import type { Question, Text } from './search.ts';
import { askedWords, boundedLimit, hasParts, indexedWords } from './search-words.ts';

const NEWEST = 1_000;

export async function searchPostgres(query: Query, { kind, words, limit }: Question): Promise<number[]> {
  const asked = askedWords(words);
  const most = boundedLimit(limit);
  if (asked.length === 0 || most === 0) return [];
  const beginning = await ask(query, kind, asked.map(beginsWith), most);
  if (beginning.length >= most || !asked.some(hasParts)) return beginning;
  return ask(
    query,
    kind,
    asked.map((word) => (hasParts(word) ? contains(word) : beginsWith(word))),
    most,
  );
}

export async function indexPostgres(query: Query, { kind, id, text }: Text): Promise<void> {
  const words = indexedWords(text);
  if (words.length === 0) {
    await query('delete from search_texts where kind = $1 and ref = $2', [kind, id]);
    return;
  }
  await query(
    `insert into search_texts (kind, ref, words, vector) values ($1, $2, $3, array_to_tsvector($4::text[]))
     on conflict (kind, ref) do update set words = excluded.words, vector = excluded.vector`,
    [kind, id, words.join(' '), words],
  );
}

/** A condition with one parameter. Words are letters and digits only, so they need no quoting. */
interface Condition {
  sql: (parameter: string) => string;
  value: string;
}

const beginsWith = (word: string): Condition => ({ sql: (parameter) => `vector @@ ${parameter}::tsquery`, value: `'${word}':*` });
const contains = (word: string): Condition => ({ sql: (parameter) => `words like ${parameter}`, value: `%${word}%` });

/**
 * The planner cannot know whether a piece of a word is common. So the newest texts are looked through first, which is
 * enough for a common one; for a rare one the index is asked, and kept from being given up for the order of ids.
 */
async function ask(query: Query, kind: SearchKind, conditions: Condition[], limit: number): Promise<number[]> {
  const where = conditions.map(({ sql }, i) => sql(`$${i + 3}`)).join(' and ');
  const values = [kind, limit, ...conditions.map(({ value }) => value)];
  const find = async (candidates: string) => {
    const { rows } = await query(`with ${candidates} order by ref desc limit $2`, values);
    return rows.map((row: { ref: number }) => row.ref);
  };
  const newest = await find(
    `newest as materialized (select * from search_texts where kind = $1 order by ref desc limit ${NEWEST}) select ref from newest where ${where}`,
  );
  if (newest.length >= limit) return newest;
  return find(`found as materialized (select ref from search_texts where kind = $1 and ${where}) select ref from found`);
}
