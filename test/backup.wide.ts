import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { lte, max } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import type { Database } from '#db/database.ts';
import { namedContents } from '#tickets/named-contents.ts';
import { addressOf, answerTo, deliver, received } from './crash/acts.ts';
import { startLoad } from './crash/load.ts';
import { seeded } from './crash/random.ts';
import type { Ledger } from './crash/reconcile.ts';
import { openWorld, OUR_ADDRESS, restart, settle, type World } from './crash/world.ts';
import { run } from './faults/command.ts';
import { openTest } from './support/databases.ts';
import { sendMail } from './support/letters.ts';
import { SERVER_WITH_CLOCK, serverProcess } from './support/process.ts';

/** Half of it where nothing else runs. */
const TIME_MS = 240_000;
const MIN_MATTERS = 8;
const MORE_MATTERS = 6;
const LARGE_BYTES = 400_000;
/** What the server would say of a writer that was kept waiting too long. */
const HELD = /"level":"error"|SQLITE_BUSY|holds the writer/;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function begin() {
  const home = await mkdtemp(join(tmpdir(), 'tiketti-drill-'));
  open.push({ close: () => rm(home, { recursive: true, force: true }) });
  // The secret lies beside the database, and the backup must bring it.
  const environment = {
    TIKETTI_HOLD_SECONDS: '1',
    TIKETTI_SECRET: '',
    LOG_LEVEL: 'info',
    FILES_URL: `file:${join(home, 'first', 'files')}`,
  };
  const world = await openWorld('sqlite', environment);
  open.push(world);
  return { home, world, environment };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(20);
}

/** What is in both, by ids: on SQLite they are given in the order of commits. */
async function sameUpTo(live: Database, restored: Database, table: 'tickets' | 'comments' | 'mails' | 'people') {
  const last = (await restored.select({ id: max(restored.tables[table].id) }).from(restored.tables[table]))[0]?.id ?? 0;
  const ids = async (db: Database) =>
    (await db.select({ id: db.tables[table].id }).from(db.tables[table]).where(lte(db.tables[table].id, last))).map(({ id }) => id);
  return { there: await ids(restored), before: await ids(live) };
}

test(
  'a desk is backed up on a busy day, lost, and restored: all of that moment is there, and nobody gets anything twice',
  { timeout: TIME_MS },
  async () => {
    const { home, world, environment } = await begin();
    const url = urlOf(world);
    const places = { DATABASE_URL: url, FILES_URL: environment.FILES_URL, MAIL_FROM: `Support <${OUR_ADDRESS}>` };
    await restart(world);
    const ledger: Ledger = { letters: [], posts: [] };
    const load = startLoad(world, ledger, seeded(7));
    await until(() => load.matters() >= MIN_MATTERS);
    await sendMail(world.mailPort, {
      from: 'Liisa <liisa@large.test>',
      to: OUR_ADDRESS,
      subject: 'A large photograph',
      text: 'Here it is.',
      attachments: [{ filename: 'photo.bin', content: Buffer.alloc(LARGE_BYTES, 'x') }],
    });
    await until(() => world.receiver.mails.some((mail) => mail.to.includes('liisa@large.test')));

    const before = world.receiver.mails.length;
    const quiet = world.server.lines.length;
    const backup = join(home, 'backup');
    const made = await run(['backup', backup, '--json'], { environment: places });
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(world.server.lines.slice(quiet).filter((line) => HELD.test(line))).toEqual([]);
    expect(await run(['doctor', '--backup', backup], { environment: places })).toMatchObject({ code: 0 });

    // The day goes on, and all of that is lost.
    const atBackup = load.matters();
    await until(() => load.matters() >= atBackup + MORE_MATTERS);
    await load.finish();
    await settle(world);
    await world.server.kill();
    const lost = world.receiver.mails.length;
    expect(lost).toBeGreaterThan(before);

    const elsewhere = {
      ...places,
      DATABASE_URL: `file:${join(home, 'second', 'tiketti.db')}`,
      FILES_URL: `file:${join(home, 'second', 'files')}`,
    };
    const restored = await run(['restore', backup, '--json'], { environment: elsewhere });
    expect(restored).toMatchObject({ code: 0, err: '' });
    const { parked, holds, counts } = JSON.parse(restored.out) as { parked: unknown[]; holds: unknown[]; counts: Record<string, number> };

    const db = await openTest(elsewhere.DATABASE_URL);
    open.push(db);
    for (const table of ['tickets', 'comments', 'mails', 'people'] as const) {
      const { there, before } = await sameUpTo(world.db, db, table);
      expect({ table, ids: there }).toEqual({ table, ids: before });
      expect({ table, rows: there.length }).toEqual({ table, rows: counts[table] });
    }
    const names = await namedContents(db);
    expect(names.length).toBeGreaterThan(0);
    for (const sha256 of names) expect(existsSync(join(home, 'second', 'files', sha256.slice(0, 2), sha256))).toBe(true);
    expect(await readFile(join(home, 'second', 'secret'), 'utf8')).toBe(
      await readFile(join(dirname(url.slice('file:'.length)), 'secret'), 'utf8'),
    );
    const failed = await db.select({ state: db.tables.deliveries.state }).from(db.tables.deliveries);
    expect(failed.filter(({ state }) => state === 'failed')).toHaveLength(parked.length);
    expect(failed.filter(({ state }) => ['queued', 'sending', 'delayed', 'unknown'].includes(state))).toEqual([]);
    const waiting = await db.select({ state: db.tables.holds.state }).from(db.tables.holds);
    expect(waiting.filter(({ state }) => state === 'waiting').length).toBeGreaterThanOrEqual(holds.length);

    const next = await startThere(world, db, elsewhere);
    await settle(next);
    // Threads were read again, mails that waited became tickets: and still nothing left.
    expect(world.receiver.mails.slice(lost).map(({ to, mail }) => `${to.join()}: ${mail.subject}`)).toEqual([]);

    await answersFindTheirTickets(next, db, ledger);
  },
);

function urlOf(world: World): string {
  const { DATABASE_URL: url = '' } = world.environment;
  return url;
}

async function startThere(world: World, db: Database, places: Record<string, string>): Promise<World> {
  const server = serverProcess([SERVER_WITH_CLOCK], { ...world.environment, ...places });
  open.push({ close: () => server.kill() });
  const next = { ...world, db, server, nodes: [{ server, mailPort: world.mailPort }] };
  await restart(next);
  return next;
}

/** A customer answers a mail that left before the backup, and one an answer to a ticket that is lost. */
async function answersFindTheirTickets(world: World, db: Database, ledger: Ledger): Promise<void> {
  const subjects = (await db.select({ subject: db.tables.tickets.subject }).from(db.tables.tickets)).map(({ subject }) => subject);
  const names = ledger.letters.filter(({ isFirst }) => isFirst).map(({ name }) => name);
  const known = names.find((name) => subjects.some((subject) => subject.includes(`${name} `))) ?? '';
  const lost = names.findLast((name) => !subjects.some((subject) => subject.includes(`${name} `))) ?? '';
  for (const name of [known, lost]) await deliver(world, answerTo(await received(world, name), name, `${name}-after`));
  await settle(world);
  const { mails } = db.tables;
  const outcomes = await db.select({ from: mails.fromAddress, outcome: mails.outcome, messageId: mails.messageId }).from(mails);
  const outcomeOf = (name: string) => outcomes.find(({ messageId }) => messageId?.includes(`${name}-after@`))?.outcome;
  expect(outcomes.some(({ from }) => from === addressOf(known))).toBe(true);
  expect(outcomeOf(known)).toBe('appended');
  expect(outcomeOf(lost)).toBe('created');
}
