/** What an erasure or a purge did so far. */
export interface Tally {
  /** Rows changed or removed, by table. */
  rows: Map<string, number>;
  /** SHA-256 of bytes that lost one of their names: they leave when it was the last. */
  digests: Set<string>;
}

export function newTally(): Tally {
  return { rows: new Map(), digests: new Set() };
}

export function count(tally: Tally, table: string, rows: number): void {
  if (rows > 0) tally.rows.set(table, (tally.rows.get(table) ?? 0) + rows);
}

/** The work in pieces that fit one statement. */
export function inBatches<T>(all: Iterable<T>, size = 200): T[][] {
  const rest = [...all];
  return Array.from({ length: Math.ceil(rest.length / size) }, (_, index) => rest.slice(index * size, (index + 1) * size));
}
