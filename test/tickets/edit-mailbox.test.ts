import { expect, test } from 'vitest';
import { enqueue } from '#jobs/queue.ts';
import { MINUTE, later } from '#clock.ts';
import { addAddress } from '#tickets/add-address.ts';
import { addMailbox } from '#tickets/add-mailbox.ts';
import { addressById, allAddresses, markOf } from '#tickets/addresses.ts';
import { editAddress } from '#tickets/edit-address.ts';
import { defaultGroup } from '#tickets/find.ts';
import type { MailboxLogin } from '#tickets/mailbox-login.ts';
import { isGone, type Mailbox, mailboxById, sealedFor } from '#tickets/mailboxes.ts';
import type { Person } from '#tickets/people.ts';
import { removeAddress } from '#tickets/remove-address.ts';
import { removeMailbox } from '#tickets/remove-mailbox.ts';
import { resumeMailbox } from '#tickets/resume-mailbox.ts';
import { saveMailboxLogin } from '#tickets/save-mailbox-login.ts';
import { type MailboxSettings, saveMailboxSettings } from '#tickets/save-mailbox-settings.ts';
import { setUp } from '#tickets/set-up.ts';
import { setUpMailbox } from '#tickets/set-up-mailbox.ts';
import { switchMailbox } from '#tickets/switch-mailbox.ts';
import { trustMailServer } from '#tickets/trust-mail-server.ts';
import { eq } from 'drizzle-orm';
import { describeDatabases, type Subject } from '../support/databases.ts';
import { agent, mailedTicket, person, type TestDesk, testDesk } from '../support/desk.ts';
import { environmentOf } from '../support/sink.ts';

const LOGIN: MailboxLogin = {
  name: 'support',
  auth: 'password',
  userName: 'support',
  secret: 'first',
  imap: { host: 'imap.pohjola.test', port: 993, security: 'tls' },
  smtp: { host: 'smtp.pohjola.test', port: 587, security: 'starttls' },
  smtpLogin: null,
};

const SETTINGS: MailboxSettings = {
  folder: 'INBOX',
  afterwards: 'leave',
  afterwardsFolder: null,
  importDays: 7,
  trustedAuthservIds: ['mx.pohjola.test'],
  areInternalSendersAuthenticated: false,
  keepsSentCopies: false,
  sentFolder: null,
  smtpPerMinute: null,
  dkim: null,
};

async function begin(subject: Subject): Promise<{ desk: TestDesk; anna: Person; mailbox: Mailbox }> {
  const desk = await testDesk(subject.db);
  const anna = await agent(desk, 'anna@pohjola.test', 'Anna', 'admin');
  return { desk, anna, mailbox: await add(desk, anna, 'support') };
}

const add = (desk: TestDesk, by: Person, name: string) =>
  addMailbox(desk, { login: { ...LOGIN, name }, trustedAuthservIds: [], smtpPerMinute: null }, by.id);

async function now(desk: TestDesk, { id }: Mailbox): Promise<Mailbox> {
  const found = await mailboxById(desk.db, id);
  if (!found) throw new Error('The mailbox is gone.');
  return found;
}

async function set(desk: TestDesk, { id }: Mailbox, values: Partial<Mailbox>): Promise<void> {
  await desk.db.transaction('test', (tx) => tx.update(tx.tables.mailboxes).set(values).where(eq(tx.tables.mailboxes.id, id)));
}

const seen = (mailbox: Mailbox, by: Person) => ({ mailboxId: mailbox.id, version: mailbox.version, byId: by.id });

describeDatabases('a mailbox an admin edits', (subject) => {
  test('is nobody else’s to edit', async () => {
    const { desk, mailbox } = await begin(subject);
    const ben = await agent(desk, 'ben@pohjola.test', 'Ben');
    const refusals = [
      () => add(desk, ben, 'mine'),
      () => saveMailboxLogin(desk, { ...seen(mailbox, ben), login: LOGIN }),
      () => saveMailboxSettings(desk, { ...seen(mailbox, ben), settings: SETTINGS }),
      () => switchMailbox(desk, seen(mailbox, ben)),
      () => removeMailbox(desk, seen(mailbox, ben)),
      () => trustMailServer(desk, { ...seen(mailbox, ben), server: 'mx.evil.test' }),
      () => resumeMailbox(desk, mailbox.id, ben.id),
    ];
    for (const refused of refusals) await expect(refused()).rejects.toMatchObject({ key: 'role.admin_only' });
    expect(await now(desk, mailbox)).toEqual(mailbox);
  });

  test('keeps its password when none is typed, goes on where it was paused, and is read on where it was', async () => {
    const { desk, anna, mailbox } = await begin(subject);
    await set(desk, mailbox, { smtpPausedAt: desk.clock.now(), lastUid: 12, uidValidity: 3 });
    const until = later(desk.clock.now(), 30 * MINUTE);
    await desk.db.transaction('test', (tx) => enqueue(tx, desk.clock.now(), { kind: 'deliver.mail', payload: {}, runAt: until }));
    await saveMailboxLogin(desk, { ...seen(mailbox, anna), login: { ...LOGIN, secret: null, imap: { ...LOGIN.imap!, port: 994 } } });
    const saved = await now(desk, mailbox);
    expect(saved).toMatchObject({ imapPort: 994, smtpPausedAt: null, lastUid: 12, version: mailbox.version + 1 });
    expect(desk.seal.open(sealedFor('secret', saved.id), saved.secret ?? '')).toBe('first');
    const [job] = await desk.db.select().from(desk.db.tables.jobs).where(eq(desk.db.tables.jobs.kind, 'deliver.mail'));
    expect(job?.runAt).toEqual(desk.clock.now());
  });

  test('is read from its beginning when it is another one', async () => {
    const { desk, anna, mailbox } = await begin(subject);
    for (const change of [{ userName: 'sales' }, { imap: { ...LOGIN.imap!, host: 'other.test' } }]) {
      await set(desk, mailbox, { lastUid: 12, uidValidity: 3, readAt: desk.clock.now() });
      const login = { ...LOGIN, ...change, secret: 'second' };
      const saved = await saveMailboxLogin(desk, { ...seen(await now(desk, mailbox), anna), login });
      expect(saved).toMatchObject({ lastUid: null, uidValidity: null, readAt: null });
    }
    await set(desk, mailbox, { lastUid: 12, uidValidity: 3, readAt: desk.clock.now() });
    const settings = { ...SETTINGS, folder: 'Tuki' };
    const moved = await saveMailboxSettings(desk, { ...seen(await now(desk, mailbox), anna), settings });
    // Nor is anything older imported of it: that was said of the other folder.
    expect(moved).toMatchObject({ folder: 'Tuki', lastUid: null, readAt: null, importDays: 0 });
  });

  test('hands a kept password to no other server', async () => {
    const { desk, anna, mailbox } = await begin(subject);
    const elsewhere = { ...LOGIN, secret: null, smtp: { ...LOGIN.smtp!, host: 'smtp.evil.test' } };
    await expect(saveMailboxLogin(desk, { ...seen(mailbox, anna), login: elsewhere })).rejects.toMatchObject({
      key: 'mailbox.password_again',
    });
    const own = { userName: 'out', password: null };
    const withOwn = await saveMailboxLogin(desk, { ...seen(mailbox, anna), login: { ...LOGIN, smtpLogin: { ...own, password: 'third' } } });
    await expect(saveMailboxLogin(desk, { ...seen(withOwn, anna), login: { ...elsewhere, smtpLogin: own } })).rejects.toMatchObject({
      key: 'mailbox.smtp_password_again',
    });
  });

  test('imports nothing older once it has been read', async () => {
    const { desk, anna, mailbox } = await begin(subject);
    expect(await saveMailboxSettings(desk, { ...seen(mailbox, anna), settings: SETTINGS })).toMatchObject({ importDays: 7 });
    await set(desk, mailbox, { lastUid: 0 });
    const late = { ...SETTINGS, importDays: 365 };
    expect(await saveMailboxSettings(desk, { ...seen(await now(desk, mailbox), anna), settings: late })).toMatchObject({ importDays: 7 });
  });

  test('of the environment keeps what the environment names', async () => {
    const { desk, anna } = await begin(subject);
    await setUpMailbox(desk, { ...environmentOf(25), trustedAuthservIds: ['mx.env.test'] });
    const [environment] = await desk.db.select().from(desk.db.tables.mailboxes).where(eq(desk.db.tables.mailboxes.isFromEnvironment, true));
    if (!environment) throw new Error('There is none.');
    const saved = await saveMailboxSettings(desk, { ...seen(environment, anna), settings: { ...SETTINGS, folder: 'X', smtpPerMinute: 5 } });
    expect(saved).toMatchObject({ folder: 'INBOX', trustedAuthservIds: ['mx.env.test'], smtpPerMinute: 5 });
    const of = { key: 'mailbox.of_environment' };
    await expect(saveMailboxLogin(desk, { ...seen(saved, anna), login: LOGIN })).rejects.toMatchObject(of);
    await expect(removeMailbox(desk, seen(saved, anna))).rejects.toMatchObject(of);
    await expect(switchMailbox(desk, seen(saved, anna))).rejects.toMatchObject(of);
  });

  test('that is removed leaves its row, forgets its login, and gives its name back', async () => {
    const { desk, anna, mailbox } = await begin(subject);
    const gone = await removeMailbox(desk, seen(mailbox, anna));
    expect(isGone(gone)).toBe(true);
    expect(gone.secret).toBeNull();
    await expect(switchMailbox(desk, seen(gone, anna))).rejects.toMatchObject({ key: 'mailbox.gone' });
    await add(desk, anna, 'support');
    await expect(add(desk, anna, 'support')).rejects.toMatchObject({ key: 'mailbox.name_taken' });
  });

  test('leaves no password and no key in the audit log', async () => {
    const { desk, anna, mailbox } = await begin(subject);
    const dkim = { domain: 'pohjola.test', selector: 's1', key: 'second' };
    await saveMailboxSettings(desk, { ...seen(mailbox, anna), settings: { ...SETTINGS, dkim } });
    const login = { ...LOGIN, smtpLogin: { userName: 'out', password: 'third' } };
    await saveMailboxLogin(desk, { ...seen(await now(desk, mailbox), anna), login });
    const told = await desk.db.select().from(desk.db.tables.audit);
    expect(told.map(({ action }) => action)).toEqual(['mailbox.added', 'mailbox.settings_saved', 'mailbox.login_saved']);
    expect(JSON.stringify(told)).not.toMatch(/first|second|third/);
  });

  test('that was paused is tried again when an admin says so', async () => {
    const { desk, anna, mailbox } = await begin(subject);
    await set(desk, mailbox, { smtpPausedAt: desk.clock.now(), smtpTrouble: { key: 'login', since: 1, isTold: true } });
    await resumeMailbox(desk, mailbox.id, anna.id);
    expect(await now(desk, mailbox)).toMatchObject({ smtpPausedAt: null, smtpTrouble: null });
  });
});

describeDatabases('one of our addresses', (subject) => {
  const draft = async (desk: TestDesk) => ({
    displayName: 'Sales',
    groupId: (await defaultGroup(desk.db)).id,
    language: null,
    mailboxId: null,
    isDefault: false,
  });

  test('is edited by one admin at a time, and there is always one default', async () => {
    const { desk, anna } = await begin(subject);
    const sales = await addAddress(desk, { ...(await draft(desk)), address: 'Sales@Pohjola.test' }, anna.id);
    expect(sales.address).toBe('sales@pohjola.test');
    await expect(addAddress(desk, { ...(await draft(desk)), address: 'sales@pohjola.test' }, anna.id)).rejects.toMatchObject({
      key: 'address.taken',
    });
    const mark = markOf(sales);
    await editAddress(desk, { addressId: sales.id, mark, draft: { ...(await draft(desk)), isDefault: true }, byId: anna.id });
    const stale = { addressId: sales.id, mark, draft: await draft(desk), byId: anna.id };
    await expect(editAddress(desk, stale)).rejects.toMatchObject({ key: 'address.changed_meanwhile' });
    expect((await allAddresses(desk.db)).map(({ address, isDefault }) => [address, isDefault])).toEqual([
      ['sales@pohjola.test', true],
      ['support@pohjola.test', false],
    ]);
    const fresh = await addressById(desk.db, sales.id);
    const undone = { addressId: sales.id, mark: markOf(fresh!), draft: await draft(desk), byId: anna.id };
    await expect(editAddress(desk, undone)).rejects.toMatchObject({ key: 'address.one_default' });
    // The environment's address is there, and no longer the default one, at the next start.
    await setUp(desk, { from: { name: 'New', address: 'new@pohjola.test' }, language: 'en' });
    expect((await allAddresses(desk.db)).filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });

  test('that is removed hands its tickets to the default one; the last one stays', async () => {
    const { desk, anna } = await begin(subject);
    const [support] = await allAddresses(desk.db);
    if (!support) throw new Error('There is none.');
    const last = { addressId: support.id, mark: markOf(support) };
    await expect(removeAddress(desk, last, anna.id)).rejects.toMatchObject({ key: 'address.last' });
    const sales = await addAddress(desk, { ...(await draft(desk)), address: 'sales@pohjola.test' }, anna.id);
    const { ticket } = await mailedTicket(desk, await person(desk, 'liisa@asiakas.test'));
    const { tickets } = desk.db.tables;
    await desk.db.transaction('test', (tx) => tx.update(tickets).set({ addressId: sales.id }).where(eq(tickets.id, ticket.id)));
    await removeAddress(desk, { addressId: sales.id, mark: markOf(sales) }, anna.id);
    const [kept] = await desk.db.select().from(tickets).where(eq(tickets.id, ticket.id));
    expect(kept?.addressId).toBe(support.id);
  });
});
