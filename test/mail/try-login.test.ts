import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { tryLogin } from '#mail/try-login.ts';
import { addMailbox } from '#tickets/add-mailbox.ts';
import type { MailboxLogin } from '#tickets/mailbox-login.ts';
import type { Mailbox } from '#tickets/mailboxes.ts';
import { freshSqlite } from '../support/databases.ts';
import { agent, type TestDesk, testDesk } from '../support/desk.ts';
import { freePort } from '../support/free-port.ts';
import { IMAP_USER, startImapServer } from '../support/imap-server.ts';
import { startSink } from '../support/sink.ts';

const PASSWORD = 'open sesame';
const CHECKED =
  'Authentication-Results: mx.pohjola.test; spf=pass\r\nAuthentication-Results: mx.evil.test; spf=pass\r\nSubject: Hi\r\n\r\nHello';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function begin(login: Partial<MailboxLogin>): Promise<{ desk: TestDesk; mailbox: Mailbox }> {
  const db = await freshSqlite();
  ends.push(() => db.close());
  const desk = await testDesk(db);
  const anna = await agent(desk, 'anna@pohjola.test', 'Anna', 'admin');
  const whole = {
    name: 'support',
    auth: 'password' as const,
    userName: IMAP_USER,
    secret: PASSWORD,
    imap: null,
    smtp: null,
    smtpLogin: null,
  };
  return { desk, mailbox: await addMailbox(desk, { login: { ...whole, ...login }, trustedAuthservIds: [], smtpPerMinute: null }, anna.id) };
}

const plain = (port: number) => ({ host: '127.0.0.1', port, security: 'none' as const });

async function imapServer(more: { mails?: string[]; plugins?: string[] } = {}) {
  const server = await startImapServer({ password: PASSWORD, ...more });
  ends.push(server.stop);
  return server;
}

async function sink(password?: string) {
  const made = await startSink(password === undefined ? {} : { password });
  ends.push(made.stop);
  return made;
}

test('a mailbox that works tells how much is in it, whether new mail is noticed at once, and who checks origins there', async () => {
  const { desk, mailbox } = await begin({
    imap: plain((await imapServer({ mails: [CHECKED] })).port),
    smtp: plain((await sink(PASSWORD)).port),
  });
  expect(await tryLogin(desk, mailbox)).toEqual({
    imap: { ok: { folders: 1, hasIdle: true, mails: 1, percentFull: null, authservId: 'mx.pohjola.test' } },
    smtp: { ok: true },
  });
});

test('nobody is proposed as trusted where the newest mail carries no results', async () => {
  const { desk, mailbox } = await begin({ imap: plain((await imapServer({ mails: ['Subject: Hi\r\n\r\nHello'], plugins: [] })).port) });
  expect(await tryLogin(desk, mailbox)).toEqual({
    imap: { ok: { folders: 1, hasIdle: false, mails: 1, percentFull: null, authservId: null } },
    smtp: null,
  });
});

test('a wrong password is told for reading and for sending, in the servers’ own words', async () => {
  const { desk, mailbox } = await begin({
    secret: 'wrong',
    imap: plain((await imapServer()).port),
    smtp: plain((await sink(PASSWORD)).port),
  });
  const tried = await tryLogin(desk, mailbox);
  expect(tried.imap).toMatchObject({ trouble: { key: 'login', params: { words: expect.stringContaining('authentication failure') } } });
  expect(tried.smtp).toMatchObject({ trouble: { key: 'login', params: { words: expect.stringContaining('535') } } });
});

test('a port nobody listens at, and a server without the encryption that was chosen, are two different things', async () => {
  const port = await freePort();
  const { desk, mailbox } = await begin({ imap: plain(port), smtp: { ...plain((await sink()).port), security: 'starttls' } });
  const tried = await tryLogin(desk, mailbox);
  expect(tried.imap).toEqual({ trouble: { key: 'refused', params: { host: '127.0.0.1', port }, isLasting: false } });
  expect(tried.smtp).toMatchObject({ trouble: { key: 'no_starttls' } });
});

test('a server that takes the connection and says nothing is given up in time, on both sides at once', async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => void sockets.add(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  ends.push(async () => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const place = plain((silent.address() as AddressInfo).port);
  const { desk, mailbox } = await begin({ imap: place, smtp: place });
  const { imap, smtp } = await tryLogin(desk, mailbox, 300);
  expect(imap).toMatchObject({ trouble: { key: 'unreachable' } });
  expect(smtp).toMatchObject({ trouble: { key: expect.stringMatching(/unreachable|no_greeting/) } });
});
