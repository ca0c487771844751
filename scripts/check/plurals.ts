export interface Plural {
  readonly base: string;
  readonly category: string;
  readonly isOrdinal: boolean;
}

const CATEGORY_SUFFIX = /^(.+?)_(ordinal_)?(zero|one|two|few|many|other)$/;
const NUMBERS_TRIED = 200;

/** Any key that ends like a plural is one: i18next reads it so. */
export function pluralBase(key: string): Plural | null {
  const [, base, ordinal, category] = CATEGORY_SUFFIX.exec(key) ?? [];
  return base && category ? { base, category, isOrdinal: ordinal !== undefined } : null;
}

export function pluralCategories(language: string, isOrdinal: boolean): string[] {
  return rulesOf(language, isOrdinal).resolvedOptions().pluralCategories;
}

/** Only where a form stands for a single number may the words say it: English "one" is 1, Russian "one" also 21. */
export function countMayBeAbsent(language: string, { category, isOrdinal }: Plural): boolean {
  const rules = rulesOf(language, isOrdinal);
  const numbers = Array.from({ length: NUMBERS_TRIED }, (_, number) => number);
  return numbers.filter((number) => rules.select(number) === category).length === 1;
}

function rulesOf(language: string, isOrdinal: boolean): Intl.PluralRules {
  return new Intl.PluralRules(language, { type: isOrdinal ? 'ordinal' : 'cardinal' });
}
