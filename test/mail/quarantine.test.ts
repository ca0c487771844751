import { expect, test } from 'vitest';
import { discardMail, releaseMail } from '#mail/quarantine.ts';
import { eq } from 'drizzle-orm';
import { describeDatabases } from '../support/databases.ts';
import { agent, person, testDesk } from '../support/desk.ts';
import { mailrooms } from '../support/mailroom.ts';

const openMailroom = mailrooms();
const LIST = ['Precedence: list', 'List-ID: <team.asiakas.test>', 'From: Liisa Virtanen <liisa@asiakas.test>'];

describeDatabases('mail held for a person to judge', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    const room = await openMailroom(desk);
    const admin = await agent(desk, 'anna@pohjola.test', 'Anna');
    await desk.db.transaction('admin', (tx) => tx.update(tx.tables.people).set({ role: 'admin' }).where(eq(tx.tables.people.id, admin.id)));
    const held = await room.takeOne({ headers: LIST, subject: 'Printer', body: 'It burns.' });
    return { desk, room, admin, held };
  }

  test('is a ticket of its sender once an admin says so, and answered by no machine', async () => {
    const { desk, room, admin, held } = await scene();
    expect(held).toMatchObject({ state: 'quarantined', ticketId: null });
    await releaseMail(desk, held.id, admin.id);
    await room.settle();
    const tickets = await desk.db.select().from(desk.db.tables.tickets);
    expect(tickets.map((ticket) => ticket.subject)).toEqual(['Printer']);
    expect(await desk.db.$count(desk.db.tables.deliveries)).toBe(0);
  });

  test('is judged once: the second admin is told', async () => {
    const { desk, room, admin, held } = await scene();
    await discardMail(desk, held.id, admin.id);
    await expect(releaseMail(desk, held.id, admin.id)).rejects.toMatchObject({ key: 'mail.judged' });
    await room.settle();
    expect(await desk.db.$count(desk.db.tables.tickets)).toBe(0);
    expect(await desk.db.select({ action: desk.db.tables.audit.action }).from(desk.db.tables.audit)).toContainEqual({
      action: 'mail.discarded',
    });
  });

  test('is judged by admins only', async () => {
    const { desk, held } = await scene();
    const liisa = await person(desk, 'ben@pohjola.test', 'Ben');
    await expect(releaseMail(desk, held.id, liisa.id)).rejects.toMatchObject({ key: 'role.admin_only' });
    await expect(discardMail(desk, held.id, liisa.id)).rejects.toMatchObject({ key: 'role.admin_only' });
  });

  test('without a sender stays held, and says why', async () => {
    const { desk, room, admin } = await scene();
    const nobody = await room.takeOne({ headers: ['From: <>'], subject: 'x', body: 'y' });
    await releaseMail(desk, nobody.id, admin.id);
    await room.settle();
    const [after] = await desk.db.select().from(desk.db.tables.mails).where(eq(desk.db.tables.mails.id, nobody.id));
    expect(after?.state).toBe('quarantined');
    expect(after?.reasons.join()).toContain('no sender address');
  });
});
