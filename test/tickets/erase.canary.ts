import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { getTableColumns, type Table } from 'drizzle-orm';
import type { Database } from '#db/database.ts';
import { Client } from 'pg';

/** Stands in everything that is planted; no hexadecimal token and no word of ours can contain it. */
export const CANARY = 'zqcanaryqz';
/** A phone number is its own canary: people space it as they like. */
export const CANARY_PHONE = '+358407734551';
const PHONE_DIGITS = '407734551';

const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Is the canary in there, in any spelling bytes can have? */
export function singsIn(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes);
  if (spellings(buffer).some((text) => text.includes(CANARY) || text.replaceAll(/[\s().-]/g, '').includes(PHONE_DIGITS))) return true;
  return packed(buffer).some((inner) => singsIn(inner));
}

function spellings(buffer: Buffer): string[] {
  const plain = buffer.toString('latin1');
  const quoted = plain
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/[=%]([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
  const wide = Buffer.from(buffer.filter((byte) => byte !== 0)).toString('latin1');
  const found = [plain, quoted, wide].map((text) => text.toLowerCase());
  return isInBase64(plain) ? [...found, CANARY] : found;
}

/** The canary has three forms in base64, one for each place it can begin at. */
function isInBase64(plain: string): boolean {
  const text = plain.replaceAll(/\s/g, '');
  const forms = [CANARY, CANARY.toUpperCase(), `Z${CANARY.slice(1)}`].flatMap((word) =>
    ['', '.', '..'].map((before) => {
      const whole = Buffer.from(`${before}${word}`).toString('base64');
      return whole.slice(before.length === 0 ? 0 : 4, Math.floor((before.length + word.length) / 3) * 4);
    }),
  );
  return forms.some((form) => text.includes(form));
}

function packed(buffer: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = buffer.indexOf(ZSTD_MAGIC); at >= 0; at = buffer.indexOf(ZSTD_MAGIC, at + 1)) {
    try {
      found.push(zstdDecompressSync(buffer.subarray(at)));
    } catch {
      // Four bytes that only look like the beginning of a frame, or one that lies in pieces.
      continue;
    }
  }
  return found;
}

/** The tables a canary sings in, as `table.column`: every column of every table, also of those made after this was written. */
export async function singingColumns(db: Database): Promise<string[]> {
  const found = new Set<string>();
  for (const [name, table] of Object.entries(db.tables)) {
    const columns = Object.keys(getTableColumns(table as unknown as Table));
    const rows = (await db.select().from(table as typeof db.tables.events)) as unknown as Record<string, unknown>[];
    for (const row of rows) for (const column of columns) if (singsIn(bytesOf(row[column]))) found.add(`${name}.${column}`);
  }
  return [...found].toSorted();
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value === null || value === undefined) return new Uint8Array();
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Files under a folder, or whose name begins so, in whose bytes or names a canary sings. */
export function singingFiles(path: string): string[] {
  const [folder, start] = statSync(path, { throwIfNoEntry: false })?.isDirectory()
    ? [path, '']
    : [join(path, '..'), path.split('/').at(-1) ?? ''];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.startsWith(start))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => singsIn(readFileSync(file)) || singsIn(Buffer.from(file)));
}

/** Tables of PostgreSQL beside those of the schema: search, migrations, whatever comes. */
export async function singingPostgresTables(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')",
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const texts = await client.query<{ text: string }>(`select t::text as text from ${name} t`);
      if (texts.rows.some((row) => singsIn(Buffer.from(row.text)))) found.push(name);
    }
    return found;
  } finally {
    await client.end();
  }
}
