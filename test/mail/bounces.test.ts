import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { change } from '#tickets/desk.ts';
import { deliveryById, recipientsOf } from '#tickets/deliveries.ts';
import { settleDelivery } from '#tickets/delivered.ts';
import { mustFind } from '#tickets/find.ts';
import { historyOf } from '#tickets/history.ts';
import { reply } from '#tickets/reply.ts';
import { plainDocument } from '#text/document.ts';
import { describeDatabases } from '../support/databases.ts';
import { agent, mailedTicket, person, type TestDesk, testDesk } from '../support/desk.ts';
import { receive } from '../support/receive.ts';

const LIISA = 'liisa@asiakas.test';
const MATTI = 'matti@asiakas.test';
const PEKKA = 'pekka@asiakas.test';

interface Reported {
  address: string;
  action?: string;
  status?: string;
}

/** A delivery report as a mail server writes it. */
function report(messageId: string, ...recipients: Reported[]): string {
  return [
    'Return-Path: <>',
    'From: Mail Delivery System <MAILER-DAEMON@mx.test>',
    'To: support@pohjola.test',
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: <${recipients.map((one) => one.address.replace('@', '.')).join('.')}@mx.test>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
    '',
    '--report',
    '',
    'This is the mail system.',
    '--report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.test',
    ...recipients.flatMap(({ address, action = 'failed', status = '5.1.1' }) => [
      '',
      `Final-Recipient: rfc822; ${address}`,
      `Action: ${action}`,
      `Status: ${status}`,
    ]),
    '',
    '--report',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${messageId}`,
    '--report--',
    '',
  ].join('\r\n');
}

describeDatabases('a delivery report', (subject) => {
  /** An accepted answer to Liisa, with these as copies. */
  async function answered(...copies: string[]) {
    const desk = await testDesk(subject.db);
    const anna = await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    const liisa = await person(desk, LIISA, 'Liisa');
    const { ticket } = await mailedTicket(desk, liisa);
    const { ticketPeople } = desk.db.tables;
    for (const copy of copies) {
      const { id } = await person(desk, copy);
      const row = { ticketId: ticket.id, personId: id, role: 'cc' as const, addedAt: desk.clock.now() };
      await change(desk, 'copy', (tx) => tx.insert(ticketPeople).values(row));
    }
    const draft = { ticketId: ticket.id, authorId: anna.id, body: plainDocument('Use water.'), sourceKey: 'slack:1' };
    const [delivery] = (await reply(desk, draft)).deliveries;
    const id = delivery?.id ?? 0;
    await change(desk, 'accepted', (tx, desk) => settleDelivery(desk, tx, id, { state: 'accepted', response: '250 ok' }));
    return { desk, ticket, id, messageId: delivery?.messageId ?? '' };
  }

  const states = async (desk: TestDesk, id: number) => (await recipientsOf(desk.db, id)).map((one) => [one.address, one.state]);

  async function isUndeliverable(desk: TestDesk, address: string): Promise<boolean> {
    const { identities } = desk.db.tables;
    const [row] = await desk.db
      .select()
      .from(identities)
      .where(and(eq(identities.kind, 'email'), eq(identities.value, address)));
    return row?.undeliverableAt != null;
  }

  test('marks every recipient it names', async () => {
    const { desk, ticket, id, messageId } = await answered(MATTI, PEKKA);
    await receive(desk, report(messageId, { address: MATTI }, { address: PEKKA, status: '5.2.2' }));
    expect(await states(desk, id)).toEqual([
      [LIISA, 'accepted'],
      [MATTI, 'bounced'],
      [PEKKA, 'bounced'],
    ]);
    expect([(await deliveryById(desk.db, id))?.state, (await mustFind(desk.db, ticket.id)).status]).toEqual(['bounced', 'open']);
    expect(await Promise.all([LIISA, MATTI, PEKKA].map((address) => isUndeliverable(desk, address)))).toEqual([false, true, false]);
  });

  test('counts again when it names another recipient of the same mail', async () => {
    const { desk, id, messageId } = await answered(MATTI);
    await receive(desk, report(messageId, { address: MATTI }));
    await receive(desk, report(messageId, { address: LIISA }));
    expect(await states(desk, id)).toEqual([
      [LIISA, 'bounced'],
      [MATTI, 'bounced'],
    ]);
    const { events } = desk.db.tables;
    const told = await desk.db.select().from(events).where(eq(events.type, 'delivery.state'));
    expect(told.filter((event) => event.data['state'] === 'bounced')).toHaveLength(2);
  });

  test('marks nobody of several when it names somebody else', async () => {
    const { desk, id, messageId } = await answered(MATTI);
    await person(desk, PEKKA);
    await receive(desk, report(messageId, { address: PEKKA }));
    expect(await states(desk, id)).toEqual([
      [LIISA, 'accepted'],
      [MATTI, 'accepted'],
    ]);
    expect(await isUndeliverable(desk, PEKKA)).toBe(false);
  });

  test('of a forwarded mail marks the one it went to, whose own address stays good', async () => {
    const { desk, id, messageId } = await answered();
    await person(desk, PEKKA);
    await receive(desk, report(messageId, { address: PEKKA }));
    expect(await states(desk, id)).toEqual([[LIISA, 'bounced']]);
    expect(await Promise.all([LIISA, PEKKA].map((address) => isUndeliverable(desk, address)))).toEqual([false, false]);
  });

  test('that only tells of a delay is a fact in the history and changes nothing', async () => {
    const { desk, ticket, id, messageId } = await answered();
    await receive(desk, report(messageId, { address: LIISA, action: 'delayed', status: '4.4.1' }));
    expect(await states(desk, id)).toEqual([[LIISA, 'accepted']]);
    expect((await mustFind(desk.db, ticket.id)).status).toBe('pending');
    const [latest] = await historyOf(desk.db, ticket.id, 1);
    expect(latest?.event).toMatchObject({ type: 'mail.recorded', data: { kind: 'bounce' } });
  });

  test('on an address is forgotten when somebody writes from there', async () => {
    const { desk, messageId } = await answered();
    await receive(desk, report(messageId, { address: LIISA }));
    expect(await isUndeliverable(desk, LIISA)).toBe(true);
    await receive(desk, `From: Liisa <${LIISA}>\r\nTo: support@pohjola.test\r\nSubject: New address\r\n\r\nIt works again.`);
    expect(await isUndeliverable(desk, LIISA)).toBe(false);
  });
});
