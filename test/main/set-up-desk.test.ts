import { afterEach, expect, test } from 'vitest';
import { readConfig } from '#config.ts';
import type { Database } from '#db/database.ts';
import { openDesk } from '../../src/main/open-desk.ts';
import { setUpDesk } from '../../src/main/set-up-desk.ts';
import { freshPostgresUrl } from '../support/databases.ts';

const NODES = 4;

let databases: Database[] = [];
afterEach(async () => {
  await Promise.all(databases.map((db) => db.close()));
  databases = [];
});

test('nodes that start together on an empty database set it up once', async () => {
  const config = readConfig({
    DATABASE_URL: await freshPostgresUrl(),
    SLACK_BOT_TOKEN: 'xoxb-test',
    SLACK_APP_TOKEN: 'xapp-test',
    MAIL_FROM: 'Pohjola <support@pohjola.test>',
    MAIL_SMTP_URL: 'smtp://smtp.pohjola.test',
    MAIL_IMAP_URL: 'imap://support:old@imap.pohjola.test/INBOX',
    TIKETTI_SECRET: 'a'.repeat(64),
    LOG_LEVEL: 'error',
  });
  const desks = await Promise.all(Array.from({ length: NODES }, () => openDesk({ config })));
  databases = desks.map(({ db }) => db);
  await Promise.all(desks.map((desk) => setUpDesk(desk, config)));
  const [{ db }] = desks as [(typeof desks)[number]];
  expect(await db.$count(db.tables.groups)).toBe(1);
  expect(await db.$count(db.tables.addresses)).toBe(1);
  expect(await db.select({ version: db.tables.mailboxes.version }).from(db.tables.mailboxes)).toEqual([{ version: 1 }]);
});
