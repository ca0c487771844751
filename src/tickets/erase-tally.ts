/** Rows changed or removed so far, by table. */
export type Tally = Map<string, number>;

export function count(tally: Tally, table: string, rows: number): void {
  if (rows > 0) tally.set(table, (tally.get(table) ?? 0) + rows);
}

/** The work in pieces that fit one statement. */
export function inBatches<T>(all: Iterable<T>, size = 200): T[][] {
  const rest = [...all];
  return Array.from({ length: Math.ceil(rest.length / size) }, (_, index) => rest.slice(index * size, (index + 1) * size));
}
