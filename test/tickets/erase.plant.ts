import { eq } from 'drizzle-orm';
import type { Row } from '#db/schema.ts';
import { groupCommits } from '#jobs/commits.ts';
import { storeMail } from '#mail/store.ts';
import { startHold } from '#slack/replies/hold.ts';
import { plainDocument } from '#text/document.ts';
import { settleDelivery } from '#tickets/delivered.ts';
import type { Desk } from '#tickets/desk.ts';
import { setSubject } from '#tickets/fields.ts';
import { note } from '#tickets/note.ts';
import { openTicket } from '#tickets/open.ts';
import { addIdentity, ensurePerson, type Person } from '#tickets/people.ts';
import { reply } from '#tickets/reply.ts';
import { addRequesterComment } from '#tickets/requester-comment.ts';
import { openSide, recordSideMessage } from '#tickets/side.ts';
import type { TestDesk } from '../support/desk.ts';
import { agent } from '../support/desk.ts';
import { CANARY, CANARY_PHONE } from './erase.canary.ts';
import { ADDRESS, NAME, type Planted, plantRows, SLACK_ID, THREAD } from './erase.rows.ts';

export { ADDRESS, NAME, SLACK_ID } from './erase.rows.ts';

/** One person in every corner of the house: through the verbs as far as they reach, as rows where they don't. */
export async function plant(desk: TestDesk): Promise<Planted> {
  const anna = await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
  const person = await plantPerson(desk);
  const { ticketId, commentIds } = await plantTicket(desk, person, anna);
  const holdId = await plantHold(desk, ticketId, anna);
  const sideId = await plantSide(desk, ticketId, anna);
  await plantMails(desk, ticketId, commentIds[0] ?? 0);
  await plantRows(desk, { person, anna, ticketId, holdId, sideId, commentIds });
  return { person, anna, ticketId, holdId, sideId, commentIds };
}

function plantPerson(desk: Desk): Promise<Person> {
  return desk.db.transaction('plant person', async (tx, carried) => {
    const made = await ensurePerson({ ...desk, db: carried }, tx, {
      kind: 'email',
      value: ADDRESS,
      display: ADDRESS.toUpperCase(),
      name: NAME,
    });
    await addIdentity(desk, tx, made.id, { kind: 'phone', value: CANARY_PHONE, display: '040 773 4551' });
    await addIdentity(desk, tx, made.id, { kind: 'slack', value: SLACK_ID, display: NAME });
    await tx
      .update(tx.tables.people)
      .set({ signatures: { fi: NAME } })
      .where(eq(tx.tables.people.id, made.id));
    return made;
  });
}

async function plantTicket(desk: Desk, person: Person, anna: Person): Promise<{ ticketId: number; commentIds: number[] }> {
  const fileId = await plantFile(desk, `${CANARY} in an attachment`, `${CANARY}.pdf`);
  const { ticket, comment } = await openTicket(desk, {
    subject: `About ${CANARY}`,
    channel: 'email',
    requesterId: person.id,
    by: { kind: 'person', id: person.id },
    body: {
      authorId: person.id,
      direction: 'in',
      visibility: 'public',
      via: 'email',
      body: plainDocument(`My matter is ${CANARY}.`),
      fullText: `My matter is ${CANARY}. > quoted ${CANARY}`,
      hiddenLines: 1,
      files: [{ fileId, isInline: false, contentId: CANARY }],
      sourceKey: 'mail:1',
      reasons: [{ key: 'mail.stranger', params: { address: ADDRESS } }],
    },
    language: { code: 'fi', source: 'text' },
    source: { channel: 'CCANARY', ts: THREAD },
    isAnswerable: true,
  });
  const { comment: answer, deliveries } = await reply(desk, {
    ticketId: ticket.id,
    authorId: anna.id,
    body: plainDocument(`Dear ${NAME}, ${CANARY} is solved.`),
    sourceKey: 'hold:1:',
  });
  for (const delivery of deliveries) await plantDelivery(desk, delivery.id);
  const later = await addRequesterComment(desk, {
    ticketId: ticket.id,
    comment: { authorId: person.id, via: 'email', body: plainDocument(`No: ${CANARY}`) },
  });
  const inside = await note(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument(`${CANARY} sounds angry`) });
  await setSubject(desk, ticket.id, `Still about ${CANARY}`, { kind: 'person', id: anna.id });
  return { ticketId: ticket.id, commentIds: [comment.id, answer.id, later.comment.id, inside.id] };
}

export async function plantFile(desk: Desk, words: string, filename: string): Promise<number> {
  const sha256 = await desk.files.put(Buffer.from(words));
  return desk.db.transaction('plant file', async (tx) => {
    const [file] = await tx
      .insert(tx.tables.files)
      .values({ sha256, filename, contentType: 'application/pdf', sizeBytes: words.length, createdAt: desk.clock.now() })
      .returning();
    return file?.id ?? 0;
  });
}

function plantDelivery(desk: Desk, id: number): Promise<void> {
  const bytes = Buffer.from(`To: ${ADDRESS}\r\n\r\n${Buffer.from(`words of ${CANARY}`).toString('base64')}`);
  return desk.db.transaction('plant delivery', async (tx, carried) => {
    await tx.update(tx.tables.deliveries).set({ bytes, state: 'sending' }).where(eq(tx.tables.deliveries.id, id));
    await settleDelivery({ ...desk, db: carried }, tx, id, { state: 'delayed', response: `451 <${ADDRESS}> try again` });
  });
}

async function plantHold(desk: Desk, ticketId: number, anna: Person): Promise<number> {
  const fileId = await plantFile(desk, `${CANARY} waits in a hold`, `${CANARY}.txt`);
  const words = {
    document: plainDocument(`Held: ${CANARY}`),
    fileIds: [fileId],
    sourceKey: `slack:T1:C1:1764000001.000100`,
    reasons: [{ key: 'audience.greeting', params: { name: NAME } }],
  };
  const hold = await startHold(desk, {
    ...words,
    ticketId,
    authorId: anna.id,
    channel: 'C1',
    threadTs: THREAD,
    sourceTs: '1764000001.000100',
    holdSeconds: 15,
  });
  return hold.id;
}

async function plantSide(desk: Desk, ticketId: number, anna: Person): Promise<number> {
  const side = await openSide(desk, {
    ticketId,
    channel: 'C2',
    question: plainDocument(`What does ${NAME} (${ADDRESS}) owe?`),
    subject: `About ${NAME}`,
    startedById: anna.id,
    sourceKey: 'slack:T1:C2:1764000002.000100',
  });
  await recordSideMessage(desk, {
    sideId: side.id,
    authorId: anna.id,
    document: plainDocument(`Ask ${NAME.split(' ')[0]?.toUpperCase()} at 040-773 4551.`),
    sourceKey: 'slack:T1:C2:1764000003.000100',
  });
  return side.id;
}

const LARGE = 300 * 1024;

async function plantMails(desk: Desk, ticketId: number, commentId: number): Promise<void> {
  const commits = groupCommits(desk.db);
  const mail = (words: string) =>
    Buffer.from(`From: =?utf-8?b?${Buffer.from(NAME).toString('base64')}?= <${ADDRESS}>\r\nSubject: ${CANARY}\r\n\r\n${words}`);
  const envelope = { mailbox: 'smtp', envelopeFrom: ADDRESS, envelopeTo: ['support@pohjola.test', ADDRESS] };
  const known = {
    fromAddress: ADDRESS,
    reasons: [`from ${ADDRESS}`],
    state: 'processed' as const,
    messageId: `<${CANARY}@asiakas.test>`,
    processedAt: desk.clock.now(),
  };
  const fates: Partial<Row<'mails'>>[] = [
    { ...known, outcome: 'created', ticketId, commentId },
    { ...known, outcome: 'quarantined', state: 'quarantined', messageId: null },
    { ...known, outcome: 'appended', ticketId, messageId: null },
  ];
  for (const [index, fate] of fates.entries()) {
    const stored = await storeMail(desk, commits, {
      ...envelope,
      raw: mail(`${index} ${index === 2 ? CANARY.repeat(LARGE / CANARY.length) : CANARY}`),
    });
    await desk.db.transaction('plant mail', (tx) => tx.update(tx.tables.mails).set(fate).where(eq(tx.tables.mails.id, stored.id)));
  }
  // What a quarantined mail carried hangs on no comment.
  await plantFile(desk, `${CANARY} in quarantine`, `${CANARY}.zip`);
}
