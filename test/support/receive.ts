import { desc, eq } from 'drizzle-orm';
import { change } from '#tickets/desk.ts';
import { groupCommits } from '#jobs/commits.ts';
import { mailById, processMailJob } from '#mail/process.ts';
import { type Mail, storeMail } from '#mail/store.ts';
import { understand } from '#mail/understand/parse.ts';
import type { TestDesk } from './desk.ts';

/** A mail from its arrival to its fate, at once and on this thread. */
export async function receive(desk: TestDesk, raw: string): Promise<Mail> {
  const arrived = { mailbox: 'test', raw: Buffer.from(raw), envelopeFrom: null, envelopeTo: ['support@pohjola.test'] };
  const { id } = await storeMail(desk, groupCommits(desk.db), arrived);
  const { prepare, apply } = processMailJob({ understand, threads: () => 0, close: async () => {} });
  const { jobs } = desk.db.tables;
  const [job] = await desk.db.select().from(jobs).where(eq(jobs.kind, 'mail.process')).orderBy(desc(jobs.id)).limit(1);
  if (job?.payload['mailId'] !== id) throw new Error('Nobody was asked to look into the mail.');
  const prepared = await prepare?.(desk, job);
  await change(desk, 'receive', async (tx, carried) => apply?.(carried, tx, job, prepared));
  const mail = await mailById(desk.db, id);
  if (!mail) throw new Error('The mail is gone.');
  return mail;
}
