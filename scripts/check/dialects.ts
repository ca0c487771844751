export const DIALECTS = ['sqlite', 'postgres'] as const;
export type Dialect = (typeof DIALECTS)[number];

export function configOf(dialect: Dialect): string {
  return `drizzle.${dialect}.ts`;
}

export function migrationsOf(dialect: Dialect): string {
  return `src/db/migrations/${dialect}`;
}
