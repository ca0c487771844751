import { afterEach, expect, test } from 'vitest';
import { tryLogin } from '#mail/try-login.ts';
import { mailboxById } from '#tickets/mailboxes.ts';
import { freshSqlite } from '../support/databases.ts';
import { testDesk } from '../support/desk.ts';
import { type Dovecot, startDovecot } from '../support/dovecot.ts';
import { addMailbox, letter, mailProgram } from './mail-server.ts';

let server: Dovecot;
afterEach(async () => {
  await server.stop();
});

async function tried(folder = 'INBOX') {
  const db = await freshSqlite();
  const desk = await testDesk(db);
  const mailbox = await mailboxById(db, await addMailbox(desk, server.port, { folder }));
  if (!mailbox) throw new Error('There is no mailbox.');
  const { imap } = await tryLogin(desk, mailbox);
  await db.close();
  return imap;
}

test('a real server tells how full a mailbox is, and whose checks stand on its newest mail', async () => {
  server = await startDovecot({ quota: '100k' });
  const program = await mailProgram(server);
  await program.append('INBOX', letter(1, { body: 'x'.repeat(49_000), headers: ['Authentication-Results: mx.pohjola.test; spf=pass'] }));
  await program.logout();
  expect(await tried()).toEqual({
    ok: { folders: 2, hasIdle: true, mails: 1, percentFull: expect.closeTo(49, -1), authservId: 'mx.pohjola.test' },
  });
});

test('a folder that a real server does not have is told as one', async () => {
  server = await startDovecot();
  expect(await tried('Tuki')).toEqual({ trouble: { key: 'folder', params: { folder: 'Tuki' }, isLasting: true } });
});
