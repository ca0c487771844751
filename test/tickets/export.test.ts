import { expect, test } from 'vitest';
import { erasePerson } from '#tickets/erase.ts';
import { SYSTEM } from '#tickets/desk.ts';
import { TREATMENTS, type TableName } from '#tickets/erase-tables.ts';
import { exportPerson } from '#tickets/export.ts';
import { SHARES } from '#tickets/export-tables.ts';
import { plainDocument } from '#text/document.ts';
import { note } from '#tickets/note.ts';
import { openTicket } from '#tickets/open.ts';
import { addRequesterComment } from '#tickets/requester-comment.ts';
import { describeDatabases } from '../support/databases.ts';
import { person, testDesk } from '../support/desk.ts';
import { receive } from '../support/receive.ts';
import { CANARY } from './erase.canary.ts';
import { ADDRESS, NAME, plant, SLACK_ID } from './erase.plant.ts';

describeDatabases('a person’s export', (subject) => {
  test('holds their identities, tickets with notes about them, mails as they arrived, and files', async () => {
    const desk = await testDesk(subject.db);
    await plant(desk);
    const exported = await exportPerson(desk, ADDRESS);
    expect(exported.person).toMatchObject({ name: NAME, role: 'none' });
    expect(exported.identities.map((identity) => identity.value).toSorted()).toEqual(['+358407734551', SLACK_ID, ADDRESS].toSorted());
    expect(exported.slackUsers).toMatchObject([{ id: SLACK_ID }]);
    const [ticket] = exported.tickets;
    expect(ticket?.name).toBe('TK-1');
    expect(ticket?.comments.map((comment) => [comment.visibility, comment.author])).toEqual([
      ['public', NAME],
      ['public', 'Anna Aalto'],
      ['public', NAME],
      ['internal', 'Anna Aalto'],
    ]);
    expect(ticket?.comments.at(-1)?.text).toBe(`${CANARY} sounds angry`);
    expect(ticket?.deliveries.flatMap((delivery) => delivery.recipients.map((recipient) => recipient.address))).toContain(ADDRESS);
    expect(exported.mails).toHaveLength(3);
    for (const mail of exported.mails) expect(Buffer.from(mail.rawBase64 ?? '', 'base64').toString()).toContain(`<${ADDRESS}>`);
    expect(exported.files.map((file) => Buffer.from(file.base64 ?? '', 'base64').toString())).toEqual([`${CANARY} in an attachment`]);
  });

  test('is plain JSON, and the same again from JSON', async () => {
    const desk = await testDesk(subject.db);
    await plant(desk);
    const exported = await exportPerson(desk, ADDRESS);
    expect(JSON.parse(JSON.stringify(exported))).toMatchObject({ person: { name: NAME }, tickets: [{ name: 'TK-1' }] });
  });

  test('reaches every table, and each new one is decided upon', async () => {
    const desk = await testDesk(subject.db);
    await plant(desk);
    expect(Object.keys(SHARES).toSorted()).toEqual(Object.keys(desk.db.tables).toSorted());
    const erased = (Object.keys(TREATMENTS) as TableName[]).filter((name) => !['nothing', 'pointed'].includes(TREATMENTS[name]));
    expect(erased.filter((name) => SHARES[name] === 'nothing')).toEqual([]);
    const exported = await exportPerson(desk, ADDRESS);
    const reached = (Object.keys(SHARES) as TableName[]).filter((name) => !['nothing', 'told'].includes(SHARES[name]));
    expect(reached.filter((name) => !exported.rows[name]?.length)).toEqual([]);
    const [ticket] = exported.tickets;
    const bytes = ticket?.deliveries.map((delivery) => Buffer.from(delivery.bytesBase64 ?? '', 'base64').toString());
    expect(bytes).toContainEqual(expect.stringContaining(`To: ${ADDRESS}`));
  });

  test('gives of what Slack sent their threads and their own words, not what colleagues say elsewhere', async () => {
    const desk = await testDesk(subject.db);
    await plant(desk);
    const { rows } = await exportPerson(desk, ADDRESS);
    expect(rows.inbox?.map((row) => row['key'])).toEqual(['message:1', `message:4:${SLACK_ID}`]);
  });

  test('carries a mail between others when it went to them too, and only points at one that speaks of them', async () => {
    const desk = await testDesk(subject.db);
    await person(desk, 'liisa@asiakas.test', 'Liisa');
    const mail = (...lines: string[]) => ['From: Matti <matti@asiakas.test>', 'To: support@pohjola.test', ...lines].join('\r\n');
    const copied = await receive(desk, mail('Cc: Liisa <liisa@asiakas.test>', 'Subject: Ours', '', 'The matter of us both.'));
    const about = await receive(desk, mail('Subject: Mine', '', 'The secret of Matti, ask liisa@asiakas.test.'));
    await receive(desk, mail('Subject: Else', '', 'About something else.'));
    const exported = await exportPerson(desk, 'liisa@asiakas.test');
    expect(exported.mails.map((one) => one.id)).toEqual([copied.id]);
    expect(exported.mailsNaming.map((one) => one.id)).toEqual([about.id]);
    expect(JSON.stringify(exported)).not.toContain('secret of Matti');
  });

  test("shows of other people's tickets only what this person wrote", async () => {
    const desk = await testDesk(subject.db);
    const matti = await person(desk, 'matti@asiakas.test', 'Matti');
    const liisa = await person(desk, 'liisa@asiakas.test', 'Liisa');
    const { ticket } = await openTicket(desk, {
      subject: 'A private matter of Matti',
      channel: 'email',
      requesterId: matti.id,
      by: { kind: 'person', id: matti.id },
      body: { authorId: matti.id, direction: 'in', visibility: 'public', via: 'email', body: plainDocument('The secret of Matti') },
      language: { code: 'en', source: 'system' },
      ccIds: [liisa.id],
      isAnswerable: true,
    });
    await addRequesterComment(desk, {
      ticketId: ticket.id,
      comment: { authorId: liisa.id, via: 'email', body: plainDocument('The words of Liisa') },
    });
    await note(desk, { ticketId: ticket.id, authorId: null, body: plainDocument('A note on Matti') });
    const exported = await exportPerson(desk, 'liisa@asiakas.test');
    expect(exported.tickets).toEqual([]);
    expect(exported.partIn.map((part) => part.comments.map((comment) => comment.text))).toEqual([['The words of Liisa']]);
    const text = JSON.stringify(exported);
    for (const secret of ['private matter', 'secret of Matti', 'note on Matti']) expect(text).not.toContain(secret);
  });

  test('is written into the audit log, and there is none of an unknown or erased person', async () => {
    const desk = await testDesk(subject.db);
    const liisa = await person(desk, 'liisa@asiakas.test', 'Liisa');
    await exportPerson(desk, 'liisa@asiakas.test');
    const rows = await desk.db.select().from(desk.db.tables.audit);
    expect(rows).toMatchObject([{ action: 'person.exported', subject: `person:${liisa.id}` }]);
    await expect(exportPerson(desk, 'nobody@asiakas.test')).rejects.toMatchObject({ key: 'person.unknown' });
    await erasePerson(desk, 'liisa@asiakas.test', SYSTEM);
    await expect(exportPerson(desk, 'liisa@asiakas.test')).rejects.toMatchObject({ key: 'person.unknown' });
  });
});
