import Connection from 'better-sqlite3';
import { Client } from 'pg';

/** Raw SQL past all our code, as a bug or a curious operator would send it. Throws what the database says. */
export async function raw(url: string, statement: string): Promise<void> {
  if (url.startsWith('file:')) {
    const connection = new Connection(url.slice('file:'.length));
    try {
      connection.pragma('foreign_keys = on');
      connection.exec(statement);
    } finally {
      connection.close();
    }
    return;
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
