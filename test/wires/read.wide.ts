import { afterEach, beforeAll, afterAll, expect, test, vi } from 'vitest';
import { DAY } from '#clock.ts';
import { groupCommits } from '#jobs/commits.ts';
import { holdAlone } from '#jobs/lease-alone.ts';
import { type ReadOptions } from '#mail/read-mailbox.ts';
import { startReaders, type Readers } from '#mail/read.ts';
import { mailboxById, sealedFor } from '#tickets/mailboxes.ts';
import { type Subject, describeDatabases } from '../support/databases.ts';
import { testDesk, type TestDesk } from '../support/desk.ts';
import { type Dovecot, startDovecot } from '../support/dovecot.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { startMutableProxy, startSilence } from '../support/mutable-proxy.ts';
import { startOAuthProvider } from '../support/oauth-provider.ts';
import { addMailbox, letter, mailProgram } from './mail-server.ts';

let server: Dovecot;
let users = 0;
const ending: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startDovecot();
});
afterAll(() => server.stop());
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

const QUICK = { lookEveryMs: 60_000, firstPauseMs: 20 };

function newUser(): string {
  users += 1;
  return `user${users}`;
}

function read(desk: TestDesk, options: Partial<ReadOptions> = {}): Readers {
  const readers = startReaders(desk, holdAlone, { commits: groupCommits(desk.db), ...QUICK, ...options });
  ending.push(() => readers.stop());
  return readers;
}

async function program(user: string) {
  const client = await mailProgram(server, user);
  ending.push(async () => client.close());
  return client;
}

const mailsOf = async (desk: TestDesk) => desk.db.select().from(desk.db.tables.mails).orderBy(desk.db.tables.mails.id);
const isConnected = (desk: TestDesk, id: number) => eventually(async () => (await mailboxById(desk.db, id))?.readAt ?? null);

describeDatabases('reading a mailbox', (subject: Subject) => {
  test('a mail that comes is ours without anybody asking for it', async () => {
    const desk = await testDesk(subject.db);
    const user = newUser();
    const id = await addMailbox(desk, server.port, { userName: user });
    const client = await program(user);
    read(desk);
    await isConnected(desk, id);
    await client.append('INBOX', letter(1));
    await eventually(async () => (await mailsOf(desk)).length === 1);
    expect((await mailsOf(desk))[0]).toMatchObject({
      mailbox: `imap:${id}`,
      messageId: 'wire-1@asiakas.test',
      isImported: false,
      state: 'stored',
    });
  });

  test('nothing older than the first connection is taken unless asked', async () => {
    const desk = await testDesk(subject.db);
    desk.clock.set(new Date());
    const [plain, asked] = [newUser(), newUser()];
    for (const user of [plain, asked]) {
      const client = await program(user);
      await client.append('INBOX', letter(1), [], new Date(Date.now() - 10 * DAY));
      await client.append('INBOX', letter(2), [], new Date(Date.now() - DAY));
    }
    const first = await addMailbox(desk, server.port, { userName: plain });
    const second = await addMailbox(desk, server.port, { userName: asked, importDays: 3 });
    read(desk);
    await isConnected(desk, first);
    await isConnected(desk, second);
    expect(await mailsOf(desk)).toMatchObject([{ mailbox: `imap:${second}`, messageId: 'wire-2@asiakas.test', isImported: true }]);
  });

  test('a mail is ours once, however often its place is read', async () => {
    const desk = await testDesk(subject.db);
    const user = newUser();
    const id = await addMailbox(desk, server.port, { userName: user, lastUid: 0, uidValidity: 0 });
    const client = await program(user);
    await client.append('INBOX', letter(1));
    const first = read(desk);
    await isConnected(desk, id);
    await eventually(async () => (await mailsOf(desk)).length === 1);
    await first.stop();
    // As after a crash between storing and remembering.
    await desk.db.transaction('test', (tx) => tx.update(tx.tables.mailboxes).set({ lastUid: 0, readAt: null }));
    read(desk);
    await isConnected(desk, id);
    expect(await mailsOf(desk)).toHaveLength(1);
  });

  test('a server that counts its mails anew costs none and doubles none, not even alarms without id and date', async () => {
    const desk = await testDesk(subject.db);
    desk.clock.set(new Date());
    const user = newUser();
    const id = await addMailbox(desk, server.port, { userName: user });
    const client = await program(user);
    const first = read(desk);
    await isConnected(desk, id);
    const alarm = Buffer.from('From: ups@pohjola.test\r\nTo: support@pohjola.test\r\nSubject: Battery low\r\n\r\nBattery low');
    await client.append('INBOX', letter(1));
    await client.append('INBOX', alarm, [], new Date(Date.now() - 60_000));
    await client.append('INBOX', alarm, [], new Date(Date.now() - 30_000));
    await eventually(async () => (await mailsOf(desk)).length === 3);
    await first.stop();
    const before = await mailboxById(desk.db, id);
    client.close();
    await server.renumber(user);
    const again = await program(user);
    await again.append('INBOX', letter(2));
    await desk.db.transaction('test', (tx) => tx.update(tx.tables.mailboxes).set({ imapTrouble: null }));
    read(desk);
    await eventually(async () => (await mailboxById(desk.db, id))?.uidValidity !== before?.uidValidity);
    const ids = (await mailsOf(desk)).map((mail) => mail.messageId);
    expect(ids).toEqual(['wire-1@asiakas.test', null, null, 'wire-2@asiakas.test']);
  });

  test('a server that was gone is read again by itself, and what came meanwhile is there', async () => {
    const desk = await testDesk(subject.db);
    const user = newUser();
    const own = await startDovecot();
    ending.push(() => own.stop());
    const id = await addMailbox(desk, own.port, { userName: user });
    read(desk);
    await isConnected(desk, id);
    await own.restart();
    const client = await mailProgram(own, user);
    await client.append('INBOX', letter(1));
    client.close();
    await eventually(async () => (await mailsOf(desk)).length === 1);
    expect((await mailboxById(desk.db, id))?.imapTrouble).toBeNull();
  });

  test('a connection that went silent is found out, and read anew', async () => {
    const desk = await testDesk(subject.db);
    const user = newUser();
    const proxy = await startMutableProxy(server.port);
    ending.push(() => proxy.stop());
    const id = await addMailbox(desk, proxy.port, { userName: user });
    read(desk, { lookEveryMs: 200, answerMs: 200 });
    await isConnected(desk, id);
    proxy.mute();
    const client = await program(user);
    await client.append('INBOX', letter(1));
    expect(await eventually(async () => (await mailsOf(desk))[0])).toMatchObject({ messageId: 'wire-1@asiakas.test' });
  });

  test('a mailbox that cannot be reached does not delay another', async () => {
    const desk = await testDesk(subject.db);
    const user = newUser();
    const silent = await startSilence();
    ending.push(() => silent.stop());
    await addMailbox(desk, silent.port, { userName: 'a', name: 'silent' });
    await addMailbox(desk, await freePort(), { userName: 'b', name: 'refused' });
    const id = await addMailbox(desk, server.port, { userName: user });
    read(desk);
    await isConnected(desk, id);
    const client = await program(user);
    await client.append('INBOX', letter(1));
    expect(await eventually(async () => (await mailsOf(desk))[0])).toMatchObject({ messageId: 'wire-1@asiakas.test' });
  });

  test('a refused login is told to admins at once, in words, and once', async () => {
    const desk = await testDesk(subject.db);
    const id = await addMailbox(desk, server.port, { userName: newUser() });
    const { mailboxes, events } = desk.db.tables;
    await desk.db.transaction('test', (tx) => tx.update(mailboxes).set({ secret: desk.seal.close(sealedFor('secret', id), 'wrong') }));
    read(desk, { firstPauseMs: 1 });
    const trouble = await eventually(async () => (await mailboxById(desk.db, id))?.imapTrouble);
    expect(trouble).toMatchObject({ key: 'login', isTold: true });
    await eventually(async () => desk.log.lines.filter((line) => line.message.startsWith('A mailbox is not being read')).length > 1);
    expect((await desk.db.select().from(events)).filter((event) => event.type === 'mailbox.trouble')).toHaveLength(1);
    expect(JSON.stringify(desk.log.lines)).not.toContain('wrong');
  });

  test.each([
    ['leave', { seen: 0, there: 2, moved: 0 }],
    ['flag', { seen: 2, there: 2, moved: 0 }],
    ['move', { seen: 0, there: 0, moved: 2 }],
    ['delete', { seen: 0, there: 0, moved: 0 }],
  ] as const)('what was read is put away as the setting %s says, and nothing else is touched', async (afterwards, wanted) => {
    const desk = await testDesk(subject.db);
    const user = newUser();
    const client = await program(user);
    await client.append('INBOX', letter(0));
    const id = await addMailbox(desk, server.port, { userName: user, afterwards, afterwardsFolder: 'Luetut' });
    read(desk);
    await isConnected(desk, id);
    await client.append('INBOX', letter(1));
    await client.append('INBOX', letter(2));
    await eventually(async () => (await mailsOf(desk)).length === 2);
    const look = async () => {
      await client.noop();
      const there = await client.fetchAll('1:*', { uid: true, flags: true, envelope: true });
      const others = there.filter((one) => one.envelope?.subject !== 'Printer 0');
      const moved = wanted.moved > 0 ? await client.status('Luetut', { messages: true }).catch(() => false as const) : false;
      return {
        old: there.length - others.length,
        seen: others.filter((one) => one.flags?.has('\\Seen')).length,
        there: others.length,
        moved: moved ? moved.messages : 0,
      };
    };
    await vi.waitFor(async () => expect(await look()).toEqual({ old: 1, ...wanted }), 8_000);
  });

  test('a mail that was stored and not put away before the connection broke is put away at the next', async () => {
    const desk = await testDesk(subject.db);
    const user = newUser();
    const id = await addMailbox(desk, server.port, { userName: user });
    const client = await program(user);
    const first = read(desk);
    await isConnected(desk, id);
    await client.append('INBOX', letter(1));
    await eventually(async () => (await mailsOf(desk)).length === 1);
    await eventually(async () => (await mailboxById(desk.db, id))?.lastUid === 1);
    await first.stop();
    await desk.db.transaction('test', (tx) => tx.update(tx.tables.mailboxes).set({ afterwards: 'delete' }));
    read(desk);
    const left = async () => {
      await client.noop();
      return (await client.search({ all: true }, { uid: true })) || [];
    };
    await vi.waitFor(async () => expect(await left()).toEqual([]), 8_000);
  });

  test('what somebody else deletes meanwhile is nobody’s trouble', async () => {
    const desk = await testDesk(subject.db);
    const user = newUser();
    const id = await addMailbox(desk, server.port, { userName: user, lastUid: 0, uidValidity: 0, importDays: 0 });
    const client = await program(user);
    for (let number = 1; number <= 5; number += 1) await client.append('INBOX', letter(number));
    await client.messageDelete('2:3');
    read(desk);
    await isConnected(desk, id);
    await eventually(async () => (await mailsOf(desk)).length === 3);
    expect((await mailboxById(desk.db, id))?.lastUid).toBe(5);
  });

  test('of a mail too large to be taken whole the header is ours, and its size', async () => {
    const desk = await testDesk(subject.db);
    const user = newUser();
    const id = await addMailbox(desk, server.port, { userName: user });
    const client = await program(user);
    read(desk);
    await isConnected(desk, id);
    await client.append('INBOX', letter(1, { body: `${'x'.repeat(76)}\r\n`.repeat(490_000) }));
    await client.append('INBOX', letter(2));
    await eventually(async () => (await mailsOf(desk)).length === 2, 20_000);
    const [large, small] = await mailsOf(desk);
    expect(large).toMatchObject({ messageId: 'wire-1@asiakas.test' });
    expect(large?.wholeSizeBytes).toBeGreaterThan(36_000_000);
    expect(large?.sizeBytes).toBeLessThan(1_000);
    expect(small?.wholeSizeBytes).toBeNull();
  });

  test('a mailbox is read with an OAuth2 token, and one that is refused is told as such', async () => {
    const desk = await testDesk(subject.db);
    const provider = await startOAuthProvider();
    ending.push(() => provider.stop());
    const own = await startDovecot({ introspectionUrl: provider.tokenUrl.replace('/token', '/introspect') });
    ending.push(() => own.stop());
    const given = { kind: 'google-refresh', clientId: 'c', clientSecret: 's', refreshToken: 'r', tokenUrl: provider.tokenUrl };
    const id = await addMailbox(desk, own.port, { auth: 'google' }, JSON.stringify(given));
    const readers = read(desk);
    await isConnected(desk, id);
    await readers.stop();
    provider.answer({ body: JSON.stringify({ access_token: 'of somebody else', expires_in: 3_600 }) });
    desk.clock.advance(DAY);
    read(desk, { firstPauseMs: 1 });
    expect(await eventually(async () => (await mailboxById(desk.db, id))?.imapTrouble)).toMatchObject({
      key: 'oauth_mailbox',
      isTold: true,
    });
  });
});
