import { eq, inArray } from 'drizzle-orm';
import { change, type Desk } from '#tickets/desk.ts';

/** `messages`: of Slack's events only what people wrote; a click, a reaction or a command of then is not repeated. */
type Afterwards = 'run' | 'drop' | 'messages';

/** What becomes of each kind of job that waited when the backup was made. docs/decisions/0015-restoring.md says why. */
export const AFTER_RESTORE: Readonly<Record<string, Afterwards>> = {
  'mail.process': 'run',
  'mail.sent-copy': 'run',
  'deliver.mail': 'drop',
  'deliver.slack': 'drop',
  'deliver.slack.files': 'drop',
  'hold.release': 'drop',
  'slack.event': 'messages',
  'slack.channel': 'run',
  'slack.open': 'run',
  'slack.card': 'run',
  'slack.comment': 'run',
  'slack.line': 'run',
  'slack.side': 'drop',
  'slack.side-line': 'run',
  'slack.alarm': 'drop',
  'slack.tell': 'drop',
  'slack.home': 'run',
  'slack.erase': 'run',
  'slack.repair': 'drop',
  'slack.quarantine': 'run',
  'slack.mailbox': 'drop',
  'files.remove': 'run',
  'timer.late': 'drop',
  'timer.stuck': 'drop',
  'timer.close': 'drop',
  'timer.purge': 'drop',
};

const MESSAGES = ['message', 'app_mention'];
const BATCH = 500;

/** Returns how many jobs of which kind were dropped. A kind nobody has decided about is dropped: it could send something. */
export function dropJobs(desk: Desk): Promise<Record<string, number>> {
  return change(desk, 'drop jobs', async (tx) => {
    const { jobs, inbox } = tx.tables;
    const rows = await tx.select({ id: jobs.id, kind: jobs.kind, payload: jobs.payload }).from(jobs);
    const said = await tx.select({ id: inbox.id }).from(inbox).where(inArray(inbox.kind, MESSAGES));
    const messages = new Set(said.map(({ id }) => id));
    const isDropped = ({ kind, payload }: (typeof rows)[number]) => {
      const afterwards = AFTER_RESTORE[kind] ?? 'drop';
      return afterwards === 'messages' ? !messages.has(Number(payload['inboxId'])) : afterwards === 'drop';
    };
    const dropped = rows.filter(isDropped);
    for (let start = 0; start < dropped.length; start += BATCH) {
      const ids = dropped.slice(start, start + BATCH).map(({ id }) => id);
      await tx.delete(jobs).where(inArray(jobs.id, ids));
    }
    // Mails that waited become tickets now; the lost desk may have confirmed them.
    await tx.update(tx.tables.mails).set({ isImported: true }).where(eq(tx.tables.mails.state, 'stored'));
    return Object.fromEntries([...Map.groupBy(dropped, ({ kind }) => kind)].map(([kind, these]) => [kind, these.length]));
  });
}
