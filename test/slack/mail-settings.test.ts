import { generateKeyPairSync } from 'node:crypto';
import { readdir, readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allMailboxes, type Mailbox, sealedFor } from '#tickets/mailboxes.ts';
import { allAddresses } from '#tickets/addresses.ts';
import { setRole } from '#tickets/roles.ts';
import { personBy } from '#tickets/people.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { OUR_ADDRESS, startTestHouse, type TestHouse } from '../support/house.ts';
import { IMAP_USER, type ImapServer, startImapServer } from '../support/imap-server.ts';
import { type Sink, startSink } from '../support/sink.ts';

const CANARY = 'canary-7f3a-password';
const CHECKED = 'Authentication-Results: mx.pohjola.test; spf=pass\r\nSubject: Old\r\nMessage-ID: <old@x.test>\r\n\r\nOld';

let folder: string;
let house: TestHouse;
let sink: Sink;
let imap: ImapServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiketti-mail-settings-'));
  house = await startTestHouse({ databaseUrl: `file:${join(folder, 'tiketti.db')}` });
  sink = await startSink({ password: CANARY });
  imap = await startImapServer({ password: CANARY, mails: [CHECKED] });
  const anna = await eventually(() => personBy(house.desk.db, 'slack', idOf('anna')));
  house.playground.openHome('ben');
  const ben = await eventually(() => personBy(house.desk.db, 'slack', idOf('ben')));
  await eventually(async () => (await personBy(house.desk.db, 'slack', idOf('anna')))?.role === 'admin');
  await setRole(house.desk, ben.id, 'admin', anna.id);
});

afterAll(async () => {
  await house.stop();
  await sink.stop();
  await imap.stop();
  await rm(folder, { recursive: true, force: true });
});

const idOf = (name: string) => Object.values(house.playground.state.people).find((one) => one.name === name)?.id ?? '';
const home = (name: string) => JSON.stringify(house.playground.home(name)?.['blocks'] ?? []);
const modal = (name: string) => house.playground.views(name).at(-1);
const modalText = (name: string) => JSON.stringify(modal(name)?.['blocks'] ?? '');
const click = (as: string, actionId: string, more: { blockId?: string; viewId?: string } = { viewId: 'home' }) =>
  house.playground.click({ as, actionId, ...more });
const named = async (name: string): Promise<Mailbox | undefined> => (await allMailboxes(house.desk.db)).find((one) => one.name === name);

async function mustBeNamed(name: string): Promise<Mailbox> {
  const found = await named(name);
  if (!found) throw new Error(`There is no mailbox ${name}.`);
  return found;
}

async function openMail(name: string): Promise<void> {
  for (const view of house.playground.views(name)) await house.playground.closeView({ as: name, viewId: String(view['id']), all: true });
  house.playground.openHome(name);
  await house.playground.until(() => home(name).includes('home.tab:mail'));
  await click(name, 'home.tab:mail');
  await house.playground.until(() => home(name).includes('mailbox.add'));
}

async function openForm(name: string, actionId: string, mailbox: Mailbox): Promise<void> {
  await openMail(name);
  await house.playground.until(() => home(name).includes(`mailbox.${mailbox.id}`));
  await click(name, actionId, { viewId: 'home', blockId: `mailbox.${mailbox.id}` });
  await house.playground.until(() => modal(name));
}

const submit = (as: string, values: Record<string, string | string[]>) => house.playground.submitView({ as, values });
const place = (side: string, port: number) => ({
  [`${side}_host`]: '127.0.0.1',
  [`${side}_port`]: String(port),
  [`${side}_security`]: 'none',
});

/** Adds a mailbox as Ben, who reads English, and waits for what the test of its login says. */
async function add(name: string, imapPort: number, password = CANARY): Promise<Mailbox> {
  await openMail('ben');
  await click('ben', 'mailbox.add:password');
  await house.playground.until(() => modal('ben'));
  const login = { name, user_name: IMAP_USER, password, ...place('imap', imapPort), ...place('smtp', sink.port) };
  const answer = await submit('ben', login);
  expect(answer.errors).toEqual({});
  expect(JSON.stringify(answer.views)).toContain('up to 20 seconds');
  await house.playground.until(() => /Sending (?:works|does not)/.test(modalText('ben')));
  return mustBeNamed(name);
}

test('an admin adds a mailbox and reads at once exactly what is wrong, mends it in the same modal, and reads that it works', async () => {
  const closed = await freePort();
  const made = await add('broken', closed);
  expect(modalText('ben')).toContain(`Nothing listens at 127.0.0.1:${closed}. Check the port`);
  expect(modalText('ben')).toContain('Sending works');
  await click('ben', 'mailbox.login', {});
  await house.playground.until(() => modalText('ben').includes('imap_port'));
  expect(modalText('ben')).not.toContain(CANARY);
  await submit('ben', { imap_port: String(imap.port) });
  await house.playground.until(() => modalText('ben').includes('Reading works'));
  const mended = await mustBeNamed('broken');
  expect(mended).toMatchObject({ imapPort: imap.port, folder: 'INBOX', importDays: 0 });
  expect(house.desk.seal.open(sealedFor('secret', made.id), mended.secret ?? '')).toBe(CANARY);
});

test('the server that checks origins is proposed, and believed from one click on', async () => {
  await add('trusting', imap.port);
  expect(modalText('ben')).toContain('mx.pohjola.test');
  await click('ben', 'mailbox.trust', {});
  await house.playground.until(() => modalText('ben').includes('is believed from now on'));
  expect((await mustBeNamed('trusting')).trustedAuthservIds).toEqual(['mx.pohjola.test']);
});

test('which folder is read, and how far back, is said before the first connection', async () => {
  await openMail('ben');
  await click('ben', 'mailbox.add:password');
  await house.playground.until(() => modal('ben'));
  const login = { name: 'folder', user_name: IMAP_USER, password: CANARY, ...place('imap', imap.port), folder: 'Tuki', import_days: '30' };
  expect((await submit('ben', login)).errors).toEqual({});
  await house.playground.until(() => modalText('ben').includes('There is no folder “Tuki”. Choose one that exists.'));
  expect(await mustBeNamed('folder')).toMatchObject({ folder: 'Tuki', importDays: 30 });
});

test('what is wrong in the form is told on its field, and nothing is saved', async () => {
  await openMail('ben');
  await click('ben', 'mailbox.add:password');
  await house.playground.until(() => modal('ben'));
  const nowhere = await submit('ben', { name: 'odd', imap_port: '993' });
  expect(nowhere.errors).toEqual({ imap_host: 'Give a server for reading, for sending, or both.' });
  const odd = await submit('ben', { name: 'odd', user_name: 'x', imap_host: 'imaps://mail.test', imap_port: '99999' });
  expect(Object.keys(odd.errors).toSorted()).toEqual(['imap_host', 'imap_port', 'password']);
  expect(await named('odd')).toBeUndefined();
});

test('what two admins change at once is saved once, and the other is told', async () => {
  const mailbox = await add('shared', imap.port);
  await openForm('anna', 'mailbox.settings', mailbox);
  await openForm('ben', 'mailbox.settings', mailbox);
  expect((await submit('anna', { afterwards: 'flag' })).errors).toEqual({});
  const late = await submit('ben', { afterwards: 'delete' });
  expect(Object.values(late.errors).join()).toContain('Somebody else changed this mailbox meanwhile');
  expect((await mustBeNamed('shared')).afterwards).toBe('flag');
});

test('a kept password goes to no other server than the one it was typed for', async () => {
  const mailbox = await add('kept', imap.port);
  await openForm('ben', 'mailbox.login', mailbox);
  const moved = await submit('ben', { imap_host: 'imap.evil.test' });
  expect(moved.errors).toEqual({ password: 'The server has changed. Type the password again, so that it goes only where you want it.' });
  expect((await mustBeNamed('kept')).imapHost).toBe('127.0.0.1');
});

test('all settings are saved as they were typed; a key that signs nothing is refused on its field', async () => {
  const mailbox = await add('settings', imap.port);
  await openForm('ben', 'mailbox.settings', mailbox);
  const wrong = await submit('ben', {
    afterwards: 'move',
    dkim_domain: 'pohjola.test',
    dkim_selector: 's1',
    dkim_key: 'no key',
    per_minute: '0',
  });
  expect(Object.keys(wrong.errors).toSorted()).toEqual(['afterwards_folder', 'dkim_key', 'per_minute']);
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const saved = await submit('ben', {
    folder: 'Tuki',
    afterwards_folder: 'Luettu',
    trusted: 'mx.pohjola.test, *.mail.test',
    internal: ['ticked'],
    copies: ['ticked'],
    sent_folder: 'Lähetetyt',
    per_minute: '30',
    dkim_key: pem,
  });
  expect(saved.errors).toEqual({});
  const now = await mustBeNamed('settings');
  expect(now).toMatchObject({
    folder: 'Tuki',
    afterwards: 'move',
    afterwardsFolder: 'Luettu',
    trustedAuthservIds: ['mx.pohjola.test', '*.mail.test'],
    areInternalSendersAuthenticated: true,
    keepsSentCopies: true,
    sentFolder: 'Lähetetyt',
    smtpPerMinute: 30,
    dkimDomain: 'pohjola.test',
    dkimSelector: 's1',
    // Another folder is read from its beginning.
    lastUid: null,
  });
  expect(house.desk.seal.open(sealedFor('dkimKey', now.id), now.dkimKey ?? '').trim()).toBe(pem.trim());
});

test('an address is added, sent through a mailbox, and given back before that mailbox can be removed', async () => {
  const mailbox = await add('sender', imap.port);
  await openMail('ben');
  await click('ben', 'address.add');
  await house.playground.until(() => modal('ben'));
  const bad = await submit('ben', { address: 'sales at pohjola', display_name: 'Sales', mailbox: String(mailbox.id) });
  expect(Object.keys(bad.errors)).toEqual(['address']);
  expect((await submit('ben', { address: 'Sales@pohjola.test' })).errors).toEqual({});
  const sales = (await allAddresses(house.desk.db)).find((one) => one.address === 'sales@pohjola.test');
  expect(sales).toMatchObject({ displayName: 'Sales', mailboxId: mailbox.id, isDefault: false });
  await openMail('ben');
  await click('ben', 'mailbox.remove', { viewId: 'home', blockId: `mailbox.${mailbox.id}` });
  expect(await named('sender')).toBeDefined();
  await click('ben', 'address.remove', { viewId: 'home', blockId: `address.${sales?.id}` });
  await eventually(async () => (await allAddresses(house.desk.db)).length === 1);
  await openMail('ben');
  await click('ben', 'mailbox.remove', { viewId: 'home', blockId: `mailbox.${mailbox.id}` });
  await eventually(async () => !(await named('sender')));
  await house.playground.until(() => !home('ben').includes('*sender*'));
  const [row] = await house.desk.db.select().from(house.desk.db.tables.mailboxes).where(eq(house.desk.db.tables.mailboxes.id, mailbox.id));
  expect(row).toMatchObject({ isEnabled: false, secret: null, imapHost: null, smtpHost: null });
});

test('the environment’s mailbox is tested and set, but its login is not edited', async () => {
  const environment = (await allMailboxes(house.desk.db)).find((one) => one.isFromEnvironment);
  if (!environment) throw new Error('There is none.');
  await openMail('anna');
  await click('anna', 'mailbox.test', { viewId: 'home', blockId: `mailbox.${environment.id}` });
  await house.playground.until(() => modalText('anna').includes('Lähettäminen toimii'));
  expect(modalText('anna')).toContain('Tästä ei lueta mitään.');
  await openForm('anna', 'mailbox.settings', environment);
  expect(modalText('anna')).not.toContain('"folder"');
  expect((await submit('anna', { per_minute: '60' })).errors).toEqual({});
  expect((await allMailboxes(house.desk.db)).find((one) => one.isFromEnvironment)?.smtpPerMinute).toBe(60);
});

test('whoever is no admin any more can save nothing of a form that is still open', async () => {
  const mailbox = await add('demoted', imap.port);
  await openForm('ben', 'mailbox.login', mailbox);
  const [anna, ben] = [await personBy(house.desk.db, 'slack', idOf('anna')), await personBy(house.desk.db, 'slack', idOf('ben'))];
  await setRole(house.desk, ben?.id ?? 0, 'agent', anna?.id ?? 0);
  const refused = await submit('ben', { name: 'mine now' });
  expect(Object.values(refused.errors).join()).toContain('for admins');
  expect(await named('mine now')).toBeUndefined();
  await setRole(house.desk, ben?.id ?? 0, 'admin', anna?.id ?? 0);
});

test('a password is in no table, no byte of the database, no line of the log, and nothing that is shown again', async () => {
  await add('canary', imap.port, CANARY);
  await house.quiet();
  const { db } = house.desk;
  for (const [name, table] of Object.entries(db.tables)) {
    const rows = await db.select().from(table as typeof db.tables.audit);
    expect(`${name}: ${JSON.stringify(rows)}`).not.toContain(CANARY);
  }
  for (const file of await readdir(folder)) expect((await readFile(join(folder, file))).includes(CANARY)).toBe(false);
  expect(house.lines.filter((line) => line.includes(CANARY))).toEqual([]);
  const shown = Object.values(house.playground.state.views).map(({ blocks, ...view }) => JSON.stringify([blocks, view['privateMetadata']]));
  expect(shown.filter((view) => view.includes(CANARY))).toEqual([]);
  expect((await db.select().from(db.tables.audit)).filter(({ action }) => action === 'mailbox.added').length).toBeGreaterThan(0);
  expect(home('ben')).toContain(OUR_ADDRESS);
});
