import type { QueryConfig } from 'pg';

/** PostgreSQL keeps what has a name, for each connection: reading and planning a statement costs it more than most of ours take. */
const MAX_NAMES = 300;
const MAX_KNOWN = 3_000;
const OFTEN = 3;
const MAX_TEXT = 10_000;

/** A statement that is asked again and again gets a name, the same on every connection; lists of changing length do not crowd the others out. */
export function namer(): (config: QueryConfig | string, parameters: unknown[] | undefined) => QueryConfig | string {
  const uses = new Map<string, number>();
  const names = new Map<string, string>();
  return (config, parameters) => {
    // Commands like `savepoint` have no parameters, and are over as soon as they are read.
    if (parameters === undefined || parameters.length === 0) return config;
    const { text, ...rest } = typeof config === 'string' ? { text: config } : config;
    const known = names.get(text);
    if (known) return { ...rest, text, name: known };
    if (names.size >= MAX_NAMES || text.length > MAX_TEXT) return config;
    const times = (uses.get(text) ?? 0) + 1;
    if (times < OFTEN) {
      if (uses.size < MAX_KNOWN || uses.has(text)) uses.set(text, times);
      return config;
    }
    uses.delete(text);
    names.set(text, `kept_${names.size}`);
    return { ...rest, text, name: names.get(text) ?? '' };
  };
}
