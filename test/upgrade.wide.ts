import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { documentText, type Document } from '#text/document.ts';
import { deliver, firstLetter } from './crash/acts.ts';
import { gather } from './crash/crowd.ts';
import { seeded } from './crash/random.ts';
import { discrepancies, type Ledger } from './crash/reconcile.ts';
import { decideAll } from './crash/siege.ts';
import { launchNode, openWorld, settle, type World } from './crash/world.ts';
import { addressOf } from './fixtures/previous/story.ts';
import type { Dialect } from './support/databases.ts';
import { previousHouse, type PreviousHouse, previousPostgres, previousProgram } from './support/previous.ts';
import { SERVER_WITH_CLOCK } from './support/process.ts';

const TIME_MS = 120_000;
const CROWD = { letters: 40, matters: 10, mailsEach: 2, repliesEach: 2 };

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

describe.each(['sqlite', 'postgres'] as Dialect[])('a desk that the previous release ran on %s', (dialect) => {
  test('is all there under this release, and what it was about to do is done once', { timeout: TIME_MS }, async () => {
    const past = await previousHouse(dialect);
    world = await openWorld(dialect, {}, { past });
    launchNode(world, world.nodes[0] as World['nodes'][number]);
    await world.server.opened();
    await sameRows(world, past);
    await settle(world);
    await decideAll(world);
    expect(await outcomes(world, past)).toEqual([]);
    const again = {
      ...firstLetter('again'),
      from: `Liisa <${addressOf('answered')}>`,
      to: past.truth.replyTo[addressOf('answered')] ?? '',
    };
    await deliver(world, again);
    await settle(world);
    const mail = (await world.db.select().from(world.db.tables.mails)).find((one) => one.messageId === again.messageId);
    expect(mail).toMatchObject({ outcome: 'appended', ticketId: await ticketOf(world, 'answered') });
  });
});

async function sameRows({ db }: World, { truth }: PreviousHouse): Promise<void> {
  const tickets = await db.select().from(db.tables.tickets);
  for (const ticket of truth.tickets)
    expect(tickets).toContainEqual(expect.objectContaining({ number: ticket.number, subject: ticket.subject }));
  const comments = (await db.select().from(db.tables.comments)).map(
    (comment) => `${comment.visibility}: ${documentText(comment.document)}`,
  );
  for (const { visibility, document } of truth.comments) expect(comments).toContain(`${visibility}: ${documentText(document as Document)}`);
  // Work that waited may be done by now; a table may be new.
  const lasting = Object.entries(db.tables).filter(([name]) => truth.counts[name] !== undefined && !['jobs', 'leases'].includes(name));
  const counted = await Promise.all(
    lasting.map(async ([name, table]) => ({ name, now: await db.$count(table), before: truth.counts[name] ?? 0 })),
  );
  expect(counted.length).toBeGreaterThan(20);
  expect(counted.filter(({ now, before }) => now < before)).toEqual([]);
}

async function ticketOf({ db }: World, name: string): Promise<number> {
  return (await db.select().from(db.tables.tickets)).find((ticket) => ticket.subject.includes(name))?.id ?? 0;
}

/** Every sentence is a mail of then that did not fare as it should. */
async function outcomes({ db, receiver }: World, { truth }: PreviousHouse): Promise<string[]> {
  const now = await db.select().from(db.tables.deliveries);
  return truth.deliveries.flatMap((before) => {
    const delivery = now.find((one) => one.messageId === before.messageId);
    const copies = receiver.mails.filter((mail) => mail.messageId === before.messageId).length;
    const isDone = before.state === 'accepted';
    const label = `the ${before.template} to ${before.to}, ${before.state} then and ${delivery?.state} now,`;
    return [
      ...(delivery?.state === 'accepted' ? [] : [`${label} is not settled`]),
      ...(copies === (isDone ? 0 : 1) ? [] : [`${label} was sent ${copies} times by this release`]),
      ...((delivery?.mayHaveArrivedTwice ?? false) === (before.state === 'unknown') ? [] : [`${label} is wrong about a second copy`]),
    ];
  });
}

test('the previous release goes on working beside this one, on the schema of this one', { timeout: TIME_MS }, async () => {
  const program = await previousProgram();
  const url = await previousPostgres(program);
  const programs = [[join(program, 'test/support/server-with-clock.ts')], [SERVER_WITH_CLOCK]];
  world = await openWorld('postgres', { TIKETTI_HOLD_SECONDS: '1' }, { programs, url });
  const [older, newer] = world.nodes as [World['nodes'][number], World['nodes'][number]];
  const ledger: Ledger = { letters: [], posts: [] };
  launchNode(world, older);
  await older.server.opened();
  const early = gather(world, ledger, { crowd: CROWD, random: seeded(1) });
  launchNode(world, newer);
  await newer.server.opened();
  await early;
  await settle(world);
  await decideAll(world);
  expect(older.server.isRunning).toBe(true);
  expect(await discrepancies(world, ledger)).toEqual([]);
});

test('the previous release does not start on a newer schema, and says what to do', { timeout: TIME_MS }, async () => {
  const program = await previousProgram();
  world = await openWorld('postgres', {}, { programs: [[join(program, 'src/cli/index.ts'), 'start']] });
  launchNode(world, world.nodes[0] as World['nodes'][number]);
  await world.server.died();
  expect(world.server.lines.join('\n')).toContain('newer than this program');
});
