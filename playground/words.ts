/** Text of whatever is there; nothing is an empty text. */
export function word(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : `${value as number | boolean | bigint}`;
}

/** Characters as Slack is taken to count them: code points. */
export function characters(value: string): string[] {
  return Array.from(value);
}
