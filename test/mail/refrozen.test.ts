import { desc, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { groupCommits } from '#jobs/commits.ts';
import { deliverMailJob } from '#mail/deliver.ts';
import { createSenders } from '#mail/senders.ts';
import { setUpMailbox } from '#tickets/set-up-mailbox.ts';
import { change } from '#tickets/desk.ts';
import { reply } from '#tickets/reply.ts';
import { solveTicket } from '#tickets/solve.ts';
import { plainDocument } from '#text/document.ts';
import { describeDatabases } from '../support/databases.ts';
import { agent, mailedTicket, person, testDesk } from '../support/desk.ts';
import { environmentOf, startSink } from '../support/sink.ts';

describeDatabases('an answer', (subject) => {
  test('whose words were changed while it was rendered leaves with the new ones, once', async () => {
    const desk = await testDesk(subject.db);
    const anna = await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    const { ticket } = await mailedTicket(desk, await person(desk, 'liisa@asiakas.test', 'Liisa'));
    await reply(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('Use water.'), sourceKey: 'slack:1' });
    const sink = await startSink();
    const senders = createSenders(desk);
    await setUpMailbox(desk, environmentOf(sink.port));
    const commits = groupCommits(desk.db);
    let isSolved = false;
    const { prepare, apply } = deliverMailJob({
      senders,
      commits: {
        run: async (label, work) => {
          // The moment between rendering and sending.
          if (!isSolved) await solveTicket(desk, ticket.id, { kind: 'person', id: anna.id });
          isSolved = true;
          return commits.run(label, work);
        },
      },
    });
    const { jobs } = desk.db.tables;
    const [job] = await desk.db.select().from(jobs).where(eq(jobs.kind, 'deliver.mail')).orderBy(desc(jobs.id)).limit(1);
    if (!job) throw new Error('Nothing is to be sent.');
    const turn = async () => {
      const prepared = await prepare?.(desk, job);
      return change(desk, 'settle', async (tx, desk) => apply?.(desk, tx, job, prepared));
    };
    expect(await turn()).toEqual(desk.clock.now());
    expect(await turn()).toBeUndefined();
    senders.close();
    await sink.stop();
    expect(sink.mails.map((one) => one.mail.text)).toEqual([expect.stringContaining('We have marked this request as solved.')]);
  });
});
