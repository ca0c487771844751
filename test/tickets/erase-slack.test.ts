import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { groupCommits } from '#jobs/commits.ts';
import { createWorker, type Worker } from '#jobs/worker.ts';
import { createSlackApp } from '#slack/app.ts';
import { cardJob, openCardJob } from '#slack/jobs/card.ts';
import { commentJob } from '#slack/jobs/comment.ts';
import { eraseJob } from '#slack/jobs/erase.ts';
import { lineJob } from '#slack/jobs/line.ts';
import { sideJob, sideLineJob } from '#slack/jobs/side.ts';
import { startHold } from '#slack/replies/hold.ts';
import { slackReaction } from '#slack/spine.ts';
import { tellJob } from '#slack/tell.ts';
import { plainDocument } from '#text/document.ts';
import { SYSTEM } from '#tickets/desk.ts';
import { erasePerson } from '#tickets/erase.ts';
import { openTicket } from '#tickets/open.ts';
import { addRequesterComment } from '#tickets/requester-comment.ts';
import { openSide } from '#tickets/side.ts';
import { type Playground, startPlayground } from '../../playground/workspace.ts';
import { freshSqlite } from '../support/databases.ts';
import { agent, person, type TestDesk, testDesk } from '../support/desk.ts';
import { CANARY } from './erase.canary.ts';
import { plantFile } from './erase.plant.ts';

let playground: Playground;
let desk: TestDesk;
let worker: Worker;
let support = '';

beforeEach(async () => {
  playground = await startPlayground({ manifest: 'manifest.yml', rateScale: 0 });
  support = playground.addChannel({ name: 'support', members: ['bot'] }).id;
  desk = await testDesk(await freshSqlite());
  const commits = groupCommits(desk.db);
  const { slack } = await createSlackApp(desk, {
    botToken: playground.botToken,
    appToken: playground.appToken,
    apiUrl: playground.apiUrl,
    node: 'server',
    commits,
  });
  desk.reactions.push(slackReaction);
  await desk.db.transaction('channel', (tx) => tx.update(tx.tables.groups).set({ slackChannel: support }));
  const kinds = [openCardJob, cardJob, commentJob, lineJob, sideJob, sideLineJob, tellJob, eraseJob].map((make) => make(slack));
  worker = createWorker(desk, kinds, 'test', (desk, db) => ({ ...desk, db }));
  desk.wake = () => worker.wake();
  await worker.start();
});

afterEach(async () => {
  await worker.stop();
  await desk.db.close();
  await playground.stop();
});

/** Of a deleted file the workspace remembers only that there was one. */
function canariesInSlack(): number {
  const files = Object.values(playground.state.files).filter((file) => !file.isDeleted);
  return (
    JSON.stringify({ ...playground.state, files })
      .toLowerCase()
      .split(CANARY).length - 1
  );
}

async function ticketInSlack() {
  const customer = await person(desk, `${CANARY}@asiakas.test`, `Z${CANARY.slice(1)} Virtanen`);
  const fileId = await plantFile(desk, `${CANARY} on paper`, `${CANARY}.pdf`);
  const { ticket } = await openTicket(desk, {
    subject: `About ${CANARY}`,
    channel: 'email',
    requesterId: customer.id,
    by: { kind: 'person', id: customer.id },
    body: {
      authorId: customer.id,
      direction: 'in',
      visibility: 'public',
      via: 'email',
      body: plainDocument(`It is ${CANARY}`),
      files: [{ fileId, isInline: false, contentId: null }],
    },
    language: { code: 'en', source: 'system' },
    isAnswerable: true,
  });
  await worker.settled();
  desk.clock.advance(10_000);
  return { customer, ticket };
}

test('what Tiketti posted of an erased person says [erased], its files are deleted, and the card stays usable', async () => {
  const { customer, ticket } = await ticketInSlack();
  const anna = await agent(desk, 'anna@pohjola.test', 'Anna');
  await addRequesterComment(desk, {
    ticketId: ticket.id,
    comment: { authorId: customer.id, via: 'email', body: plainDocument(`And more ${CANARY}`) },
  });
  await startHold(desk, {
    ticketId: ticket.id,
    authorId: anna.id,
    document: plainDocument(`Dear ${CANARY}`),
    fileIds: [],
    sourceKey: 'view:1',
    channel: support,
    threadTs: '1',
    sourceTs: null,
    holdSeconds: 0,
    reasons: [{ key: 'hold.greeting' }],
  });
  await openSide(desk, {
    ticketId: ticket.id,
    channel: support,
    question: plainDocument(`Who knows ${CANARY}?`),
    subject: CANARY,
    startedById: anna.id,
    sourceKey: 'side:1',
  });
  await worker.settled();
  expect(canariesInSlack()).toBeGreaterThan(6);

  await erasePerson(desk, `${CANARY}@asiakas.test`, SYSTEM);
  desk.clock.advance(10_000);
  await worker.settled();
  expect(canariesInSlack()).toBe(0);

  // A card is edited again only after a pause.
  desk.clock.advance(10_000);
  await worker.settled();
  expect(canariesInSlack()).toBe(0);
  const { slackPosts } = desk.db.tables;
  const [file] = await desk.db.select().from(slackPosts).where(eq(slackPosts.state, 'gone'));
  expect(file).toMatchObject({ fileId: null });
  const card = playground.calls.findLast((call) => call.method === 'chat.update' && JSON.stringify(call).includes('Erased person'));
  expect(card).toBeDefined();
  expect(playground.problems).toEqual([]);
});

test('a message that is gone, or may not be edited, does not stop the others from being erased', async () => {
  await ticketInSlack();
  playground.faults.calls({ method: 'chat.update', kind: 'error', error: 'edit_window_closed' });
  playground.faults.calls({ method: 'files.delete', kind: 'error', error: 'file_deleted' });
  await erasePerson(desk, `${CANARY}@asiakas.test`, SYSTEM);
  desk.clock.advance(10_000);
  await worker.settled();
  const { jobs } = desk.db.tables;
  expect(await desk.db.select().from(jobs).where(eq(jobs.kind, 'slack.erase'))).toEqual([]);
  expect(playground.calls.filter((call) => call.method === 'chat.delete')).toHaveLength(1);
});

test('a post whose process ended before it wrote down where it stands is found and erased', async () => {
  const { ticket } = await ticketInSlack();
  await desk.db.transaction('crash', (tx) =>
    tx.update(tx.tables.slackPosts).set({ ts: null, state: 'posting' }).where(eq(tx.tables.slackPosts.key, 'comment:1')),
  );
  await erasePerson(desk, `${CANARY}@asiakas.test`, SYSTEM);
  desk.clock.advance(10_000);
  await worker.settled();
  expect(canariesInSlack()).toBe(0);
  expect(ticket.number).toBe(1);
});

test("another person's ticket keeps its posts, without the erased person's words", async () => {
  const liisa = await person(desk, 'liisa@asiakas.test', 'Liisa');
  const copied = await person(desk, `${CANARY}@asiakas.test`, `Z${CANARY.slice(1)} Virtanen`);
  const { ticket } = await openTicket(desk, {
    subject: 'Printer',
    channel: 'email',
    requesterId: liisa.id,
    by: { kind: 'person', id: liisa.id },
    body: {
      authorId: liisa.id,
      direction: 'in',
      visibility: 'public',
      via: 'email',
      body: plainDocument(`On fire. Ask ${CANARY}@asiakas.test, please.`),
    },
    language: { code: 'en', source: 'system' },
    ccIds: [copied.id],
    isAnswerable: true,
  });
  await addRequesterComment(desk, {
    ticketId: ticket.id,
    comment: { authorId: copied.id, via: 'email', body: plainDocument(`I saw ${CANARY} smoke`) },
  });
  await worker.settled();
  desk.clock.advance(10_000);
  await erasePerson(desk, `${CANARY}@asiakas.test`, SYSTEM);
  desk.clock.advance(10_000);
  await worker.settled();
  expect(canariesInSlack()).toBe(0);
  const slack = JSON.stringify(playground.state);
  expect(slack).toContain('On fire. Ask [erased], please.');
  expect(slack).toContain('Printer');
});
