import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, inArray } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { openFolder } from '#files/folder.ts';
import { SYSTEM } from '#tickets/desk.ts';
import { erasePerson } from '#tickets/erase.ts';
import { TREATMENTS, type TableName, wordColumns } from '#tickets/erase-tables.ts';
import { describeDatabases } from '../support/databases.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';
import { CANARY, singingColumns, singingFiles, singingPostgresTables, singsIn } from './erase.canary.ts';
import { ADDRESS, plant, SLACK_ID } from './erase.plant.ts';

test('a canary is heard in every spelling it can have', () => {
  const spellings = [
    CANARY.toUpperCase(),
    Buffer.from(`xx ${CANARY} xx`).toString('base64'),
    Buffer.from(`x ${CANARY} xx`).toString('base64'),
    Buffer.from(`${CANARY} xx`).toString('base64'),
    [...CANARY].map((letter) => `=${letter.codePointAt(0)?.toString(16)}`).join(''),
    [...CANARY].map((letter) => `%${letter.codePointAt(0)?.toString(16)}`).join(''),
    `${CANARY.slice(0, 4)}=\r\n${CANARY.slice(4)}`,
    '040-773 45 51',
  ];
  expect(spellings.filter((text) => !singsIn(Buffer.from(text)))).toEqual([]);
  expect(singsIn(Buffer.from(CANARY, 'utf16le'))).toBe(true);
  expect(singsIn(Buffer.from('nothing of theirs'))).toBe(false);
});

describeDatabases('an erased person', (subject) => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  /** Beneath the schema: the file and its log, or whatever tables there are. */
  const singingStorage = async () =>
    subject.dialect === 'sqlite' ? singingFiles(subject.url.replace('file:', '')) : singingPostgresTables(subject.url);

  async function scene() {
    const folder = await mkdtemp(join(tmpdir(), 'tiketti-erase-'));
    folders.push(folder);
    const made = await testDesk(subject.db);
    const desk: TestDesk = { ...made, files: openFolder(folder, made.clock) };
    return { desk, folder, planted: await plant(desk) };
  }

  test('is in no column of any table, in no file, and not in the bytes of the database', async () => {
    const { desk, folder } = await scene();
    const before = await singingColumns(desk.db);
    expect(tablesThatCanSing(desk).filter((name) => !before.some((place) => place.startsWith(`${name}.`)))).toEqual([]);
    expect(singingFiles(folder).length).toBeGreaterThan(3);
    expect(await singingStorage()).not.toEqual([]);

    await erasePerson(desk, ADDRESS, SYSTEM);
    await desk.db.scrub?.(Infinity);

    expect(await singingColumns(desk.db)).toEqual([]);
    expect(singingFiles(folder)).toEqual([]);
    expect(await singingStorage()).toEqual([]);
  });

  test('keeps the numbers of their tickets, and who answered when', async () => {
    const { desk, planted } = await scene();
    const { tickets, comments, events } = desk.db.tables;
    const [before] = await desk.db.select().from(tickets).where(eq(tickets.id, planted.ticketId));
    const answersBefore = await desk.db
      .select({ at: comments.at, by: comments.authorId, direction: comments.direction })
      .from(comments)
      .orderBy(comments.id);
    const eventsBefore = await desk.db.select({ type: events.type, at: events.at, by: events.actorId }).from(events).orderBy(events.id);
    await erasePerson(desk, ADDRESS, SYSTEM);
    const [after] = await desk.db.select().from(tickets).where(eq(tickets.id, planted.ticketId));
    expect(after).toMatchObject({
      status: before?.status,
      number: before?.number,
      groupId: before?.groupId,
      createdAt: before?.createdAt,
      subject: '[erased]',
    });
    expect(
      await desk.db.select({ at: comments.at, by: comments.authorId, direction: comments.direction }).from(comments).orderBy(comments.id),
    ).toEqual(answersBefore);
    expect(await desk.db.select({ type: events.type, at: events.at, by: events.actorId }).from(events).orderBy(events.id)).toEqual(
      eventsBefore,
    );
  });

  test('is found by no search', async () => {
    const { desk } = await scene();
    expect(await desk.db.search('person', CANARY, 10)).toHaveLength(1);
    expect(await desk.db.search('ticket', CANARY, 10)).toHaveLength(1);
    await erasePerson(desk, ADDRESS, SYSTEM);
    expect(await desk.db.search('person', CANARY, 10)).toEqual([]);
    expect(await desk.db.search('ticket', CANARY, 10)).toEqual([]);
  });

  test('is written to no more: what was still to leave stays here', async () => {
    const { desk } = await scene();
    await erasePerson(desk, ADDRESS, SYSTEM);
    const { deliveries, deliveryRecipients, holds } = desk.db.tables;
    expect(
      await desk.db
        .select()
        .from(deliveries)
        .where(inArray(deliveries.state, ['queued', 'sending', 'delayed', 'unknown'])),
    ).toEqual([]);
    expect(
      await desk.db
        .select()
        .from(deliveryRecipients)
        .where(inArray(deliveryRecipients.state, ['queued', 'delayed'])),
    ).toEqual([]);
    expect(await desk.db.select({ state: holds.state }).from(holds)).toEqual([{ state: 'cancelled' }]);
  });

  test('has their Slack posts queued for erasure, and people’s own messages listed', async () => {
    const { desk, planted } = await scene();
    const report = await erasePerson(desk, ADDRESS, SYSTEM);
    const { jobs } = desk.db.tables;
    const queued = await desk.db.select({ payload: jobs.payload }).from(jobs).where(eq(jobs.kind, 'slack.erase'));
    expect(queued.map((job) => Object.keys(job.payload)[0])).toEqual(['postId', 'ticketId']);
    expect(queued.find((job) => job.payload['ticketId'])?.payload).toEqual({ ticketId: planted.ticketId });
    expect(report.slackMessages).toEqual(
      expect.arrayContaining([
        { channel: 'CCANARY', ts: '1764000000.000100' },
        { channel: 'C1', ts: '1764000001.000100' },
        { channel: 'C2', ts: '1764000002.000100' },
      ]),
    );
  });

  test('work others wait for goes on without their name', async () => {
    const { desk } = await scene();
    await erasePerson(desk, ADDRESS, SYSTEM);
    const { inbox, jobs } = desk.db.tables;
    const left = await desk.db.select({ payload: inbox.payload, doneAt: inbox.doneAt }).from(inbox).orderBy(inbox.id);
    expect(left.map((row) => row.payload['text'])).toEqual(['<mailto:[erased]|[erased]> and a%20link?to=[erased]', 'the rest stays']);
    expect(await desk.db.select({ kind: jobs.kind }).from(jobs).where(eq(jobs.kind, 'slack.event'))).toHaveLength(1);
  });

  test('is known by any of their identities, and nobody is erased twice', async () => {
    const { desk, planted } = await scene();
    const report = await erasePerson(desk, SLACK_ID, SYSTEM);
    expect(report).toMatchObject({ personId: planted.person.id, tickets: ['TK-1'] });
    const after = await allRows(desk);
    for (const identity of [ADDRESS, SLACK_ID, '040 7734551'])
      await expect(erasePerson(desk, identity, SYSTEM)).rejects.toMatchObject({ key: 'person.unknown' });
    expect(await allRows(desk)).toEqual(after);
  });

  test('what admins wrote is pointed at, not changed', async () => {
    const { desk } = await scene();
    const { rules } = desk.db.tables;
    const [rule] = await desk.db.select().from(rules).limit(1);
    const conditions = { all: [{ fact: 'words', contain: [ADDRESS] }], any: [] };
    await desk.db.transaction('edit rule', (tx) =>
      tx
        .update(tx.tables.rules)
        .set({ conditions })
        .where(eq(tx.tables.rules.id, rule?.id ?? 0)),
    );
    const report = await erasePerson(desk, ADDRESS, SYSTEM);
    expect(report.stillNamedIn).toEqual([`rules ${rule?.id}`]);
    expect(
      (
        await desk.db
          .select()
          .from(rules)
          .where(eq(rules.id, rule?.id ?? 0))
      )[0]?.conditions,
    ).toEqual(conditions);
  });

  test('an interrupted erasure is finished by the next one', async () => {
    const { desk, folder } = await scene();
    const broken = { ...desk, files: { ...desk.files, remove: () => Promise.reject(new Error('the disk went away')) } };
    await expect(erasePerson(broken, ADDRESS, SYSTEM)).rejects.toThrow('the disk went away');
    await erasePerson(desk, ADDRESS, SYSTEM);
    expect(await singingColumns(desk.db)).toEqual([]);
    expect(singingFiles(folder)).toEqual([]);
  });
});

function tablesThatCanSing(desk: TestDesk): TableName[] {
  return (Object.keys(TREATMENTS) as TableName[]).filter(
    (name) => ['swept', 'own'].includes(TREATMENTS[name]) && wordColumns(desk.db, name).length > 0 && !EMPTY.includes(name),
  );
}

/** Their only words are chosen from a list of ours. */
const EMPTY: readonly TableName[] = ['ticketPeople'];

async function allRows(desk: TestDesk): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (const table of Object.values(desk.db.tables)) rows.push(await desk.db.select().from(table as typeof desk.db.tables.events));
  return rows;
}
