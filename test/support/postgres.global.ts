import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '#db/migrate.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

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
  let starting: Promise<PostgresServer> | undefined;
  return {
    start: async () => {
      starting ??= startWithTemplate(folder);
      return (await starting).url;
    },
    stop: async () => {
      if (!starting) return;
      const started = await starting.catch(() => undefined);
      await started?.stop();
    },
  };
}

async function startWithTemplate(folder: string): Promise<PostgresServer> {
  const server = await startPostgres(folder);
  await createTemplate(server.url);
  return server;
}

async function createTemplate(url: string): Promise<void> {
  const admin = new Client({ connectionString: `${url}/postgres` });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  await migrate(`${url}/${TEMPLATE}`);
}
