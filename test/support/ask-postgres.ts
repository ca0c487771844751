import { Client } from 'pg';

/** One statement on a connection of its own. */
export async function askPostgres<T>(url: string, words: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(words)).rows as T[];
  } finally {
    await client.end();
  }
}
