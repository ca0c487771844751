import { expect, test } from 'vitest';
import { DAY, MINUTE } from '#clock.ts';
import { groupCommits } from '#jobs/commits.ts';
import { storeMail } from '#mail/store.ts';
import { describeDatabases } from '../support/databases.ts';
import { testDesk } from '../support/desk.ts';
import { mailrooms } from '../support/mailroom.ts';

const openMailroom = mailrooms();
/** As a device sends it: nothing tells one from the next. */
const ALARM = { headers: ['Message-ID:', 'Date:'], from: 'ups@asiakas.test', subject: 'Battery low' };
const RELAYED = (by: string) => ({ ...ALARM, headers: [...ALARM.headers, `Received: by ${by}`] });

describeDatabases('the same mail twice', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    return { desk, room: await openMailroom(desk) };
  }

  test('the same bytes within minutes are one mail, for a server that asks again', async () => {
    const { desk, room } = await scene();
    const first = await room.takeOne(ALARM);
    desk.clock.advance(15 * MINUTE);
    const again = await room.takeOne(ALARM);
    expect(again.id).toBe(first.id);
    expect(await desk.db.$count(desk.db.tables.tickets)).toBe(1);
  });

  test('an alarm that repeats after three days is a new mail, and may be asked for again itself', async () => {
    const { desk, room } = await scene();
    const first = await room.takeOne(ALARM);
    desk.clock.advance(3 * DAY);
    const second = await room.takeOne(ALARM);
    desk.clock.advance(5 * MINUTE);
    const again = await room.takeOne(ALARM);
    expect(second.id).not.toBe(first.id);
    expect(again.id).toBe(second.id);
    expect([first.outcome, second.outcome]).toEqual(['created', 'created']);
  });

  test('the same holds for its content when other servers passed it on', async () => {
    const { desk, room } = await scene();
    await room.takeOne(RELAYED('a'));
    desk.clock.advance(10 * MINUTE);
    expect((await room.takeOne(RELAYED('b'))).outcome).toBe('duplicate');
    desk.clock.advance(3 * DAY);
    expect((await room.takeOne(RELAYED('c'))).outcome).toBe('created');
  });

  test('a mail with an id is the same mail for ever', async () => {
    const { desk, room } = await scene();
    const first = await room.takeOne({ headers: ['Message-ID: <1@a.test>', 'Date: Mon, 23 Nov 2026 12:00:00 +0000'] });
    desk.clock.advance(30 * DAY);
    const again = await room.takeOne({ headers: ['Message-ID: <1@a.test>', 'Date: Mon, 23 Nov 2026 12:00:00 +0000'] });
    expect(again.id).toBe(first.id);
  });

  test('a place in a mailbox is read once, however late it is read again', async () => {
    const { desk } = await scene();
    const commits = groupCommits(desk.db);
    const arrived = {
      mailbox: 'imap',
      raw: Buffer.from('From: ups@asiakas.test\n\nlow'),
      envelopeFrom: null,
      envelopeTo: [],
      uidValidity: 1,
      uid: 7,
    };
    const first = await storeMail(desk, commits, arrived);
    desk.clock.advance(DAY);
    expect(await storeMail(desk, commits, arrived)).toEqual({ id: first.id, isNew: false });
  });
});
