import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#clock.ts';
import { readDataConfig } from '#config.ts';
import { openFileStore } from '#files/open.ts';
import type { FileStore } from '#files/store.ts';
import { BUCKET, startS3 } from '../support/s3.ts';

export interface Opened {
  files: FileStore;
  /** Every file there is, whatever its name. */
  names(): Promise<string[]>;
  /** As if these bytes had been stored then. */
  date(sha256: string, at: Date): Promise<void>;
  /** As a tired disk would. */
  damage(sha256: string): Promise<void>;
  close(): Promise<void>;
}

/** The same store over a folder, over a bucket that checks every signature, and over somebody else's S3 server. */
export const STORES: Record<string, () => Promise<Opened>> = { folder: openInFolder, s3: openInBucket, s3rver: openInForeignBucket };

export function storeFrom(environment: Record<string, string>): Promise<FileStore> {
  return openFileStore(readDataConfig({ TIKETTI_SECRET: 's'.repeat(64), ...environment }), systemClock);
}

async function openInFolder(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-store-'));
  const path = (sha256: string) => join(folder, sha256.slice(0, 2), sha256);
  return {
    files: await storeFrom({ FILES_URL: `file:${folder}` }),
    names: () => filesBelow(folder),
    date: (sha256, at) => utimes(path(sha256), at, at),
    damage: (sha256) => writeFile(path(sha256), 'not what it was'),
    close: () => rm(folder, { recursive: true }),
  };
}

async function openInBucket(): Promise<Opened> {
  const server = await startS3();
  const object = (sha256: string) =>
    server.objects.get(`desk/${sha256.slice(0, 2)}/${sha256}`) ?? { bytes: Buffer.alloc(0), at: new Date() };
  return {
    files: await storeFrom(server.environment),
    names: async () => [...server.objects.keys()].map((key) => key.split('/').at(-1) ?? ''),
    date: async (sha256, at) => void (object(sha256).at = at),
    damage: async (sha256) => void (object(sha256).bytes = Buffer.from('not what it was')),
    close: server.stop,
  };
}

interface S3rver {
  run(): Promise<{ port: number }>;
  close(): Promise<void>;
}

async function openInForeignBucket(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-s3rver-'));
  const Server = createRequire(import.meta.url)('s3rver') as new (options: object) => S3rver;
  const server = new Server({ port: 0, address: '127.0.0.1', silent: true, directory: folder, configureBuckets: [{ name: BUCKET }] });
  const { port } = await server.run();
  const path = (sha256: string) => join(folder, BUCKET, 'desk', sha256.slice(0, 2), `${sha256}._S3rver_object`);
  return {
    files: await storeFrom({
      FILES_URL: `s3://${BUCKET}/desk/`,
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}/`,
    }),
    names: async () =>
      (await filesBelow(folder)).filter((name) => name.endsWith('object')).map((name) => name.replace('._S3rver_object', '')),
    date: (sha256, at) => utimes(path(sha256), at, at),
    damage: (sha256) => writeFile(path(sha256), 'not what it was'),
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((one) => one.isFile()).map((one) => one.name);
}
