import { NodePgSession, type NodePgClient } from 'drizzle-orm/node-postgres';
import type { PgDialect } from 'drizzle-orm/pg-core';
import type { QueryConfig, QueryResult } from 'pg';
import { withoutParameters } from './plain-errors.ts';

export type Query = (config: QueryConfig | string, parameters?: unknown[]) => Promise<QueryResult>;
type PlainSession = NodePgSession<Record<string, never>, Record<string, never>>;

export function plainSession(query: Query, dialect: PgDialect): PlainSession {
  return withoutParameters(new NodePgSession({ query } as unknown as NodePgClient, dialect, undefined));
}
