import { sql } from 'drizzle-orm';
import type { Holes, Kept, Preparable, Reader } from './database.ts';

/** Keeps a question under its maker: hold the answer in a constant of the module, so that it is one and the same each time. */
export function keep<Values extends Record<string, unknown>, Rows>(
  build: (reader: Reader, holes: Holes<Values>) => Preparable<Rows>,
): Kept<Values, Rows> {
  return { build };
}

/** The holes of a question, whatever their names. */
export function holes<Values>(): Holes<Values> {
  return new Proxy({} as Holes<Values>, { get: (_target, name) => sql.placeholder(String(name)) });
}
