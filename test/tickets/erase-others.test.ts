import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { plainDocument, documentText } from '#text/document.ts';
import { SYSTEM } from '#tickets/desk.ts';
import { erasePerson } from '#tickets/erase.ts';
import { note } from '#tickets/note.ts';
import { openTicket } from '#tickets/open.ts';
import { reply } from '#tickets/reply.ts';
import { addRequesterComment } from '#tickets/requester-comment.ts';
import { describeDatabases } from '../support/databases.ts';
import { agent, mailedTicket, person, type TestDesk, testDesk } from '../support/desk.ts';
import { plantFile } from './erase.plant.ts';

const LIISA = 'liisa@asiakas.test';

describeDatabases('erasing one person', (subject) => {
  const wordsOf = async (desk: TestDesk, ticketId: number) => {
    const { comments } = desk.db.tables;
    const rows = await desk.db
      .select({ document: comments.document })
      .from(comments)
      .where(eq(comments.ticketId, ticketId))
      .orderBy(comments.id);
    return rows.map((row) => documentText(row.document));
  };

  async function sharedTicket() {
    const desk = await testDesk(subject.db);
    const liisa = await person(desk, LIISA, 'Liisa Virtanen');
    const matti = await person(desk, 'matti@asiakas.test', 'Matti Meikäläinen');
    const anna = await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    const { ticket } = await openTicket(desk, {
      subject: 'Printer',
      channel: 'email',
      requesterId: matti.id,
      by: { kind: 'person', id: matti.id },
      body: {
        authorId: matti.id,
        direction: 'in',
        visibility: 'public',
        via: 'email',
        body: plainDocument('On fire. Liisa Virtanen (liisa@asiakas.test) saw it.'),
      },
      language: { code: 'en', source: 'system' },
      ccIds: [liisa.id],
      isAnswerable: true,
    });
    await addRequesterComment(desk, {
      ticketId: ticket.id,
      comment: { authorId: liisa.id, via: 'email', body: plainDocument('I saw smoke.') },
    });
    await reply(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('Thank you, we are coming.'), sourceKey: 'hold:1:' });
    return { desk, liisa, matti, anna, ticket };
  }

  test("somebody else's ticket loses this person's words and name, and nothing more", async () => {
    const { desk, ticket } = await sharedTicket();
    const report = await erasePerson(desk, LIISA, SYSTEM);
    expect(await wordsOf(desk, ticket.id)).toEqual(['On fire. [erased] ([erased]) saw it.', '[erased]', 'Thank you, we are coming.']);
    expect(report).toMatchObject({ tickets: [], sharedTickets: ['TK-1'] });
    expect(await desk.db.search('ticket', 'fire', 10)).toEqual([ticket.id]);
  });

  test('an answer still to leave goes to the others without this person, and without their words', async () => {
    const { desk } = await sharedTicket();
    await erasePerson(desk, LIISA, SYSTEM);
    const { deliveries, deliveryRecipients } = desk.db.tables;
    const [answer] = await desk.db.select().from(deliveries).where(eq(deliveries.template, 'reply'));
    expect(answer).toMatchObject({
      state: 'queued',
      addressing: { to: [{ address: 'matti@asiakas.test' }], cc: [] },
      content: { quoted: null },
    });
    const recipients = await desk.db
      .select()
      .from(deliveryRecipients)
      .where(eq(deliveryRecipients.deliveryId, answer?.id ?? 0))
      .orderBy(deliveryRecipients.id);
    expect(recipients.map((one) => [one.role, one.state, one.address.startsWith('erased-')])).toEqual([
      ['to', 'queued', false],
      ['cc', 'cancelled', true],
    ]);
  });

  test('tickets, people and files of others stay as they are', async () => {
    const desk = await testDesk(subject.db);
    const liisa = await person(desk, LIISA, 'Liisa Virtanen');
    const other = await person(desk, 'anna-liisa@asiakas.test', 'Liisa Virtanen');
    const sharedBytes = await plantFile(desk, 'the same logo', 'logo.png');
    await plantFile(desk, 'the same logo', 'logo.png');
    const hers = await mailedTicket(desk, liisa);
    const theirs = await openTicket(desk, {
      subject: 'From Liisa Virtanen',
      channel: 'email',
      requesterId: other.id,
      by: { kind: 'person', id: other.id },
      body: {
        authorId: other.id,
        direction: 'in',
        visibility: 'public',
        via: 'email',
        body: plainDocument('anna-liisa@asiakas.test'),
        files: [{ fileId: sharedBytes, isInline: false, contentId: null }],
      },
      language: { code: 'en', source: 'system' },
      isAnswerable: true,
    });
    await erasePerson(desk, LIISA, SYSTEM);
    expect(await wordsOf(desk, hers.ticket.id)).toEqual(['[erased]']);
    expect(await wordsOf(desk, theirs.ticket.id)).toEqual(['anna-liisa@asiakas.test']);
    const { tickets, identities, files } = desk.db.tables;
    expect((await desk.db.select().from(tickets).where(eq(tickets.id, theirs.ticket.id)))[0]?.subject).toBe('From Liisa Virtanen');
    expect(await desk.db.select({ value: identities.value }).from(identities)).toEqual([{ value: 'anna-liisa@asiakas.test' }]);
    const [logo] = await desk.db.select().from(files).where(eq(files.id, sharedBytes));
    expect(await desk.files.has(logo?.sha256 ?? '')).toBe(true);
  });

  test('bytes shared by two people leave with the last of them', async () => {
    const desk = await testDesk(subject.db);
    const people = [await person(desk, LIISA, 'Liisa'), await person(desk, 'matti@asiakas.test', 'Matti')];
    const fileIds: number[] = [];
    for (const one of people) {
      const fileId = await plantFile(desk, 'the same contract', 'contract.pdf');
      fileIds.push(fileId);
      await openTicket(desk, {
        subject: 'Contract',
        channel: 'email',
        requesterId: one.id,
        by: { kind: 'person', id: one.id },
        body: {
          authorId: one.id,
          direction: 'in',
          visibility: 'public',
          via: 'email',
          body: plainDocument('See file'),
          files: [{ fileId, isInline: false, contentId: null }],
        },
        language: { code: 'en', source: 'system' },
        isAnswerable: false,
      });
    }
    const [row] = await desk.db
      .select()
      .from(desk.db.tables.files)
      .where(eq(desk.db.tables.files.id, fileIds[0] ?? 0));
    const sha256 = row?.sha256 ?? '';
    await erasePerson(desk, LIISA, SYSTEM);
    expect(await desk.files.has(sha256)).toBe(true);
    expect(await erasePerson(desk, 'matti@asiakas.test', SYSTEM)).toMatchObject({ filesRemoved: 1 });
    expect(await desk.files.has(sha256)).toBe(false);
  });

  test('a mail from an erased person makes a new person', async () => {
    const desk = await testDesk(subject.db);
    const liisa = await person(desk, LIISA, 'Liisa Virtanen');
    await erasePerson(desk, LIISA, SYSTEM);
    const again = await person(desk, LIISA, 'Liisa V.');
    expect(again).toMatchObject({ name: 'Liisa V.', erasedAt: null });
    expect(again.id).not.toBe(liisa.id);
    const { people } = desk.db.tables;
    expect((await desk.db.select().from(people).where(eq(people.id, liisa.id)))[0]).toMatchObject({
      name: 'Erased person',
      organizationId: null,
    });
  });

  test('agents, our own addresses, strangers and nonsense are refused, and nothing changes', async () => {
    const desk = await testDesk(subject.db);
    await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    const refusals = [
      ['anna@pohjola.test', 'person.has_role'],
      ['nobody@asiakas.test', 'person.unknown'],
      ['not an address', 'person.unclear'],
    ] as const;
    for (const [address, key] of refusals) await expect(erasePerson(desk, address, SYSTEM)).rejects.toMatchObject({ key });
    await person(desk, 'support@pohjola.test', 'Ourselves');
    await expect(erasePerson(desk, 'support@pohjola.test', SYSTEM)).rejects.toMatchObject({ key: 'person.own_address' });
    const { audit } = desk.db.tables;
    expect(await desk.db.select().from(audit).where(eq(audit.action, 'person.erased'))).toEqual([]);
  });

  test('a former colleague loses the name and the notes; what they answered to customers stays said', async () => {
    const desk = await testDesk(subject.db);
    const anna = await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    const { ticket } = await mailedTicket(desk, await person(desk, LIISA, 'Liisa'));
    await reply(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('It is mended. Anna Aalto'), sourceKey: 'hold:1:' });
    await note(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('I am tired') });
    await desk.db.transaction('leaves', (tx) => tx.update(tx.tables.people).set({ role: 'none' }).where(eq(tx.tables.people.id, anna.id)));
    await erasePerson(desk, 'anna@pohjola.test', SYSTEM);
    expect(await wordsOf(desk, ticket.id)).toEqual(['It is on fire', 'It is mended. [erased]', '[erased]']);
  });

  test('the erasure is in the audit log, without saying who it was', async () => {
    const desk = await testDesk(subject.db);
    const liisa = await person(desk, LIISA, 'Liisa Virtanen');
    const admin = await agent(desk, 'anna@pohjola.test', 'Anna', 'admin');
    await erasePerson(desk, LIISA, { kind: 'person', id: admin.id });
    const { audit } = desk.db.tables;
    const rows = await desk.db.select().from(audit).where(eq(audit.action, 'person.erased'));
    expect(rows).toMatchObject([{ actorId: admin.id, subject: `person:${liisa.id}` }]);
    expect(JSON.stringify(rows).toLowerCase()).not.toContain('liisa');
  });
});
