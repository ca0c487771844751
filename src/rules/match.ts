import type { Condition, Facts, Trigger } from './rule.ts';

/** Every `all` condition holds, and one of `any` where there are any. */
export function matches(conditions: Trigger['conditions'], facts: Facts): boolean {
  return (
    conditions.all.every((one) => holds(one, facts)) && (conditions.any.length === 0 || conditions.any.some((one) => holds(one, facts)))
  );
}

/** False when what is known already rules the conditions out, so that the other facts need not be gathered. */
export function mayMatch(conditions: Trigger['conditions'], known: Partial<Facts>): boolean {
  return conditions.all.every((one) => known[one.fact] === undefined || holds(one, known));
}

function holds(condition: Condition, facts: Partial<Facts>): boolean {
  if (condition.fact === 'words') return containsWord(facts.words ?? '', condition.contain);
  return (condition.in as string[]).includes(facts[condition.fact] ?? '');
}

/** `lasku` is found in "Laskun eräpäivä" but not in "ylilaskutus": a word must begin with it. A phrase must stand as it is. */
export function containsWord(text: string, words: string[]): boolean {
  const spaced = ` ${plain(text)}`;
  return words.some((word) => spaced.includes(` ${plain(word)}`));
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
