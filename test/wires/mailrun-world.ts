import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '#db/database.ts';
import { openFolder } from '#files/folder.ts';
import type { FileStore } from '#files/store.ts';
import { type Playground, startPlayground } from '../../playground/workspace.ts';
import { freshSqliteUrl, openTest } from '../support/databases.ts';
import { type Dovecot, MAILBOX_PASSWORD, startDovecot } from '../support/dovecot.ts';
import { eventually } from '../support/eventually.ts';
import { type MutableProxy, startMutableProxy } from '../support/mutable-proxy.ts';
import { type Postfix, startPostfix } from '../support/postfix.ts';
import { type ServerProcess, serverProcess } from '../support/process.ts';
import { OUR_ADDRESS } from './mailrun-letters.ts';

export const CHANNEL = 'support';
export const AGENT = 'anna';

/** A company and its customers on one machine: their mail server, their Slack, and the desk as a process of its own. */
export interface World {
  dovecot: Dovecot;
  postfix: Postfix;
  /** Between the desk and the mailbox it reads. */
  proxy: MutableProxy;
  playground: Playground;
  server: ServerProcess;
  db: Database;
  files: FileStore;
  close(): Promise<void>;
}

/** Nothing is in the mailbox yet, and the desk reads it. */
export async function openWorld(entry: string[]): Promise<World> {
  const ending: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of ending.splice(0).toReversed()) await end();
  };
  try {
    const world = await build(entry, ending);
    world.server.launch();
    await world.server.opened();
    await eventually(async () => (await world.db.select().from(world.db.tables.mailboxes))[0]?.readAt, 20_000);
    return { ...world, close };
  } catch (error) {
    // A mail server that is left behind would run on for ever.
    await close();
    throw error;
  }
}

async function build(entry: string[], ending: (() => Promise<unknown>)[]): Promise<Omit<World, 'close'>> {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-mailrun-'));
  ending.push(() => rm(folder, { recursive: true, force: true }));
  const dovecot = await startDovecot();
  ending.push(() => dovecot.stop());
  const postfix = await startPostfix(dovecot.lmtpPort);
  ending.push(() => postfix.stop());
  const proxy = await startMutableProxy(dovecot.port);
  ending.push(() => proxy.stop());
  const playground = await startPlayground({ manifest: 'manifest.yml', rateScale: 0 });
  ending.push(() => playground.stop());
  playground.addPerson({ name: AGENT, realName: 'Anna Aalto', email: 'anna@pohjola.test', isOwner: true, isAdmin: true });
  playground.addChannel({ name: CHANNEL, members: [AGENT, 'bot'] });
  const url = await freshSqliteUrl();
  const db = await openTest(url, { maxConnections: 2 });
  ending.push(() => db.close());
  const server = serverProcess(entry, {
    DATABASE_URL: url,
    FILES_URL: `file:${join(folder, 'files')}`,
    SLACK_BOT_TOKEN: playground.botToken,
    SLACK_APP_TOKEN: playground.appToken,
    SLACK_API_URL: playground.apiUrl,
    MAIL_IMAP_URL: `imap://${encodeURIComponent(OUR_ADDRESS)}:${MAILBOX_PASSWORD}@127.0.0.1:${proxy.port}/INBOX`,
    MAIL_SMTP_URL: `smtp://127.0.0.1:${postfix.port}`,
    MAIL_FROM: `Pohjola Support <${OUR_ADDRESS}>`,
    PORT: '0',
    TIKETTI_HOLD_SECONDS: '0',
    TIKETTI_SECRET: 'a'.repeat(64),
    LOG_LEVEL: 'info',
  });
  ending.push(() => server.kill());
  return { dovecot, postfix, proxy, playground, server, db, files: openFolder(join(folder, 'files'), { now: () => new Date() }) };
}
