/** Drivers and parameters have their limits. */
const ROWS_A_STATEMENT = 500;

export function inPieces<T>(rows: T[]): T[][] {
  const pieces: T[][] = [];
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) pieces.push(rows.slice(start, start + ROWS_A_STATEMENT));
  return pieces;
}

/** The ids of inserted rows, in the order of the rows: both engines number the rows of one statement as they stand in it. */
export async function idsOf<T>(rows: T[], insert: (piece: T[]) => PromiseLike<{ id: number }[]>): Promise<number[]> {
  const ids: number[] = [];
  for (const piece of inPieces(rows)) {
    const written = await insert(piece);
    ids.push(...written.map((row) => row.id).toSorted((a, b) => a - b));
  }
  return ids;
}
