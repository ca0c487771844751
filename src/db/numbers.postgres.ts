import { Client } from 'pg';
import { CONNECTION_TIMEOUT_MILLISECONDS } from './options.ts';

const SEQUENCES = `select schemaname, sequencename, coalesce(last_value, 0) as last from pg_sequences where schemaname = 'public'`;

export async function skipNumbers(url: string, gapOf: (last: number) => number): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECTION_TIMEOUT_MILLISECONDS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ schemaname: string; sequencename: string; last: string }>(SEQUENCES);
    for (const { schemaname, sequencename, last } of rows) {
      const next = Number(last) + gapOf(Number(last));
      await client.query('select setval(format($1, $2::text, $3::text)::regclass, $4)', ['%I.%I', schemaname, sequencename, next]);
    }
  } finally {
    await client.end();
  }
}
