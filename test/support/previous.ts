import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { Client } from 'pg';
import type { Truth } from '../fixtures/previous/story.ts';
import { type Dialect, freshPostgresUrl } from './databases.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/previous/', import.meta.url));
const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const decompress = promisify(brotliDecompress);

/** What `test/fixtures/previous/make.ts` packed, in a folder of its own. */
async function unpack(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-previous-'));
  const tar = spawn('tar', ['-x', '-C', folder], { stdio: ['pipe', 'inherit', 'inherit'] });
  tar.stdin.end(await decompress(await readFile(join(FIXTURES, name))));
  const [code] = (await once(tar, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${name} could not be unpacked: tar ended with ${code}.`);
  return folder;
}

/** The previous release, with today's packages: a folder in which it runs. */
export async function previousProgram(): Promise<string> {
  const folder = await unpack('program.tar.br');
  await symlink(MODULES, join(folder, 'node_modules'));
  return folder;
}

/** An empty database as the previous release makes one. */
export async function previousPostgres(program: string): Promise<string> {
  const url = await freshPostgresUrl({ isEmpty: true });
  const { migrate } = (await import(pathToFileURL(join(program, 'src/db/migrate.ts')).href)) as typeof import('#db/migrate.ts');
  await migrate(url);
  return url;
}

export interface PreviousHouse {
  url: string;
  folder: string;
  /** The workspace as it was, files in it and all. */
  workspace: string;
  truth: Truth;
}

/** A desk that the previous release ran and closed, with something in every state. */
export async function previousHouse(dialect: Dialect): Promise<PreviousHouse> {
  const folder = await unpack(`${dialect}.tar.br`);
  const truth = JSON.parse(await readFile(join(folder, 'truth.json'), 'utf8')) as Truth;
  const url = dialect === 'sqlite' ? `file:${join(folder, 'tiketti.db')}` : await restored(join(folder, 'rows.json'));
  return { url, folder, workspace: join(folder, 'playground.json'), truth };
}

async function restored(file: string): Promise<string> {
  const rows = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown[]>;
  const url = await previousPostgres(await previousProgram());
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // The rows are as they were: what guards and triggers would say to them was said when they were written.
    await client.query('set session_replication_role = replica');
    for (const [table, values] of Object.entries(rows)) {
      await client.query(`delete from "${table}"`);
      await client.query(`insert into "${table}" overriding system value select * from json_populate_recordset(null::"${table}", $1)`, [
        JSON.stringify(values),
      ]);
    }
    await client.query(NUMBERS_GO_ON);
  } finally {
    await client.end();
  }
  return url;
}

const NUMBERS_GO_ON = `do $$ declare one record; begin
  for one in select table_name, pg_get_serial_sequence(quote_ident(table_name), column_name) as numbers
    from information_schema.columns where table_schema = 'public' and is_identity = 'YES'
  loop execute format('select setval(%L, coalesce((select max(id) from %I), 0) + 1, false)', one.numbers, one.table_name); end loop;
end $$`;
