import { eq } from 'drizzle-orm';
import { Client } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { endHold, type Hold } from '#slack/replies/hold.ts';
import { releaseHold } from '#slack/replies/release.ts';
import { freshPostgresUrl } from '../support/databases.ts';
import { OUR_ADDRESS, startTestHouse, type TestHouse } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';

let house: TestHouse | undefined;
afterEach(() => house?.stop());

async function heldReply(): Promise<{ house: TestHouse; hold: Hold; databaseUrl: string }> {
  const databaseUrl = await freshPostgresUrl();
  house = await startTestHouse({ databaseUrl, environment: { TIKETTI_HOLD_SECONDS: '180' } });
  const { playground, sink, desk } = house;
  await sendMail(house.mailPort ?? 0, {
    from: 'Liisa Virtanen <liisa@asiakas.test>',
    to: OUR_ADDRESS,
    subject: 'The printer is broken',
    text: 'Hello,\n\nour printer has not printed anything since this morning. What should we do?\n\nLiisa',
  });
  const card = await playground.until(() => playground.readMessages('support').find((message) => message.text.includes('TK-1')));
  await sink.mail((mail) => mail.to.includes('liisa@asiakas.test'));
  playground.post({ as: 'anna', channel: 'support', threadTs: card.ts, text: 'Hello! Please switch the printer off and on again.' });
  const found = async () => (await desk.db.select().from(desk.db.tables.holds)).find((one) => one.state === 'counting');
  await expect.poll(found, { timeout: 8_000 }).toBeDefined();
  const hold = await found();
  if (!hold) throw new Error('The reply is not held.');
  return { house, hold, databaseUrl };
}

test('a reply made internal while it is being released stays inside, on PostgreSQL too', async () => {
  const { house, hold, databaseUrl } = await heldReply();
  const { desk, sink } = house;
  const { tickets } = desk.db.tables;
  const decided = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  // The release has looked at the hold and waits for its ticket; meanwhile somebody decides otherwise.
  const slow = desk.db.transaction('slow', async (tx) => {
    await tx.update(tx.tables.tickets).set({ subject: 'The printer is broken' }).where(eq(tickets.id, hold.ticketId));
    locked.resolve();
    await decided.promise;
  });
  await locked.promise;
  const released = releaseHold(desk, hold.id, null).then(
    () => 'released',
    () => 'refused',
  );
  await expect.poll(() => isSomebodyWaiting(databaseUrl), { timeout: 5_000 }).toBe(true);
  await endHold(desk, hold.id, 'noted', { personId: hold.authorId });
  decided.resolve();
  await slow;
  expect(await released).toBe('refused');
  const [after] = await desk.db.select().from(desk.db.tables.holds).where(eq(desk.db.tables.holds.id, hold.id));
  expect(after?.state).toBe('noted');
  expect(sink.mails.filter((mail) => mail.raw.toString().includes('off and on again'))).toEqual([]);
});

/** For a row somebody else has changed and not committed. */
async function isSomebodyWaiting(databaseUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()");
  await client.end();
  return rows.length > 0;
}
