/** The same in every language: names, protocols and formats. */
const PROPER_NOUNS = ['Tiketti', 'Slack', 'Markdown', 'Handlebars', 'PostgreSQL', 'SQLite', 'Prometheus', 'Europe/Helsinki'];

const NOT_WORDS = [
  /\{\{.*?\}\}/gs,
  /\$t\(.*?\)/gs,
  /`[^`]*`/g,
  /https?:\/\/\S+/g,
  /\S+@\S+/g,
  /<[^>]*>/g,
  /:[a-z0-9_+-]+:/g,
  /(?<!\S)\/[a-z]+/g,
  /\b[A-Z][A-Z0-9-]+\b/g,
];

/** The letters a translator had to do something about. */
export function lettersIn(text: string): string {
  const words = [...PROPER_NOUNS, ...NOT_WORDS].reduce<string>((rest, noise) => rest.replaceAll(noise, ' '), text);
  return words.replaceAll(/[^\p{Letter}]/gu, '');
}

export function placeholdersIn(text: string): Set<string> {
  return new Set([...text.matchAll(/\{\{-?\s*([\w.]+)[^}]*\}\}/g)].map(([, name = '']) => name));
}

/** i18next nests one text in another by `$t(card:status.open)`. */
export function nestedKeysIn(text: string): string[] {
  return [...text.matchAll(/\$t\(\s*([\w.:-]+)/g)].map(([, key = '']) => key);
}
