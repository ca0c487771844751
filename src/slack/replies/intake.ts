import type { Writer } from '#db/database.ts';
import { isUniqueViolation } from '#db/database.ts';
import type { NewRow, Reason } from '#db/schema.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { mustFind, survivorOf } from '#tickets/find.ts';
import { note } from '#tickets/note.ts';
import type { Slack } from '../slack.ts';
import type { Thread } from '../threads.ts';
import { personOfUser } from '../users.ts';
import type { Classification } from './classify.ts';
import { startHold } from './hold.ts';
import { judge, type Judged } from './judge.ts';
import { runMention } from './mention-verbs.ts';
import { holdSecondsOf } from './standing.ts';
import { takeFiles } from './take-files.ts';
import { hintAlias, hintOnce } from './hint.ts';
import { knownMessage, messageKey, type SlackMessage } from './message.ts';

/** A human message in a ticket's thread becomes a note, a held reply or a command: classified, and the reason kept. */
export async function takeMessage(desk: Desk, slack: Slack, thread: Thread, message: SlackMessage): Promise<void> {
  const key = messageKey(slack, message.channel, message.ts);
  if (await knownMessage(desk.db, key)) return;
  const found = message.user ? await personOfUser(desk, slack, message.user) : null;
  const author = found?.person ?? null;
  const ticket = await survivorOf(desk.db, await mustFind(desk.db, thread.ticketId));
  const verdict = await judge(desk, slack, { ticket, message, author });
  if (verdict.kind === 'ignored') return;
  if (verdict.kind === 'command')
    return runMention(desk, slack, {
      ticket,
      message,
      author,
      verb: verdict.verb,
      args: verdict.args,
      keep: (tx) => write(desk, tx, { ticket, message, author, key }, { kind: 'command', reasons: [] }),
    });
  const fileIds = await takeFiles(desk, slack, message.files ?? []);
  await keep(desk, { ticket, message, author, verdict, key, fileIds, thread });
  if (thread.kind === 'alias') await hintAlias(desk, slack, { ticket, message });
  else if (verdict.kind === 'note' && verdict.hint && author) await hintOnce(desk, slack, { person: author, message });
}

interface Kept extends Judged {
  verdict: Exclude<Classification, { kind: 'ignored' } | { kind: 'command' }>;
  key: string;
  fileIds: number[];
  thread: Thread;
}

/** One transaction: the note or the hold, and what the message was taken for. The same message again is known by its key. */
async function keep(desk: Desk, kept: Kept): Promise<void> {
  const { ticket, message, author, verdict, key, fileIds } = kept;
  try {
    await change(desk, 'thread message', async (tx, desk) => {
      const isReply = (verdict.kind === 'public' || verdict.kind === 'held') && author !== null && kept.thread.kind === 'card';
      const reasons: Reason[] = verdict.kind === 'held' ? verdict.reasons : [verdict.reason];
      const hold = isReply
        ? await startHold(desk, {
            ticketId: ticket.id,
            authorId: author.id,
            document: verdict.document,
            fileIds,
            sourceKey: key,
            channel: message.channel,
            threadTs: message.thread_ts ?? message.ts,
            sourceTs: message.ts,
            editedTs: message.edited?.ts ?? null,
            holdSeconds: await holdSecondsOf(desk, ticket),
            reasons: verdict.kind === 'held' ? verdict.reasons : [],
          })
        : null;
      const files = fileIds.map((fileId) => ({ fileId, isInline: false, contentId: null }));
      const comment = hold
        ? null
        : await note(desk, { ticketId: ticket.id, authorId: author?.id ?? null, body: verdict.document, files, sourceKey: key, reasons });
      const became = { kind: hold ? ('reply' as const) : ('note' as const), commentId: comment?.id ?? null, holdId: hold?.id ?? null };
      await write(desk, tx, kept, { ...became, reasons, editedTs: message.edited?.ts ?? null });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
  }
}

type KeptRow = NewRow<'threadMessages'>;

/** What became of a message in a ticket's thread: whoever tells it again finds this. */
async function write(
  desk: Desk,
  tx: Writer,
  { ticket, message, author, key }: Judged & { key: string },
  became: Pick<KeptRow, 'kind' | 'reasons'> & Partial<KeptRow>,
): Promise<void> {
  const { channel, ts, thread_ts: threadTs = ts } = message;
  const where = { key, ticketId: ticket.id, authorId: author?.id ?? null, channel, ts, threadTs };
  await tx.insert(tx.tables.threadMessages).values({ ...where, at: desk.clock.now(), ...became });
}
