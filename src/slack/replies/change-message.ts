import { and, eq, isNull } from 'drizzle-orm';
import type { Reason } from '#db/schema.ts';
import type { Writer } from '#db/database.ts';
import { cancelDelivery } from '#tickets/cancel-delivery.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { record } from '#tickets/events.ts';
import { mustFind, type Ticket } from '#tickets/find.ts';
import { type Person, personById } from '#tickets/people.ts';
import type { Slack } from '../slack.ts';
import { type Thread, threadAt } from '../threads.ts';
import type { Classification } from './classify.ts';
import { endHold, type Hold, holdById, isLive, moveHold, startHold } from './hold.ts';
import { judge, judgeAsReply } from './judge.ts';
import { keepAsNote, rewordNote } from './keep-note.ts';
import { runMention } from './mention-verbs.ts';
import { isSentNote, type KnownMessage, type SlackMessage } from './message.ts';
import { heldAnew, rewordHold } from './reword.ts';
import { holdSecondsOf } from './standing.ts';
import { takeFiles } from './take-files.ts';
import { type AuthorHint, tellAuthor } from './tell-author.ts';

type Verdict = Exclude<Classification, { kind: 'ignored' } | { kind: 'command' }>;

interface Edit {
  known: KnownMessage;
  message: SlackMessage;
  ticket: Ticket;
  author: Person | null;
  hold: Hold | undefined;
  editedTs: string | null;
  fileIds: number[];
}

/** The author changed their words. What has not left is judged anew and changes with them; what has, stays as it was and says so. */
export async function takeEdit(desk: Desk, slack: Slack, known: KnownMessage, message: SlackMessage): Promise<void> {
  const edit = await readEdit(desk, slack, known, message);
  if (!edit) return;
  const { ticket, author, hold, fileIds } = edit;
  const found = await judge(desk, slack, { ticket, message, author });
  const verdict = hold && isSentNote(hold) ? await judgeAsReply(desk, found, { ticket, author, hasFiles: fileIds.length > 0 }) : found;
  if (verdict.kind === 'command' || verdict.kind === 'ignored') {
    // In their own thread a requester orders nothing, agent or not.
    return known.kind === 'requester' ? undefined : becomeCommand(desk, slack, edit, verdict);
  }
  const hint = await change(desk, 'edit', (tx, desk) => applyEdit(desk, tx, { ...edit, verdict }));
  if (hint) await tellAuthor(desk, slack, message, hint);
}

/** Null when it says nothing new: an older edit, or a link that was unfurled. A file that was taken off is news. */
async function readEdit(desk: Desk, slack: Slack, known: KnownMessage, message: SlackMessage): Promise<Edit | null> {
  const editedTs = message.edited?.ts ?? null;
  const isNewer = (editedTs ?? '') > (known.editedTs ?? '');
  if (known.deletedAt || (!isNewer && (editedTs !== known.editedTs || known.holdId === null))) return null;
  const hold = known.holdId === null ? undefined : await holdById(desk.db, known.holdId);
  const fileIds = await takeFiles(desk, slack, message.files ?? []);
  if (!isNewer && (hold?.fileIds ?? []).every((id) => fileIds.includes(id))) return null;
  const ticket = await mustFind(desk.db, known.ticketId);
  const author = known.authorId === null ? null : ((await personById(desk.db, known.authorId)) ?? null);
  return { known, message, ticket, author, hold, editedTs, fileIds };
}

async function applyEdit(desk: Desk, tx: Writer, edit: Edit & { verdict: Verdict }): Promise<AuthorHint | null> {
  const { known, editedTs, verdict } = edit;
  const reasons = verdict.kind === 'held' ? verdict.reasons : [verdict.reason];
  if (!(await claim(tx, edit, reasons))) return null;
  if (known.kind === 'requester') return rewordNote(desk, tx, known, verdict.document);
  const hold = known.holdId === null ? undefined : await holdById(tx, known.holdId);
  if (verdict.kind === 'note') {
    if (hold) await stop(desk, tx, hold);
    await keepAsNote(desk, tx, known, { document: verdict.document, editedTs, reasons });
    return null;
  }
  const words = { document: verdict.document, editedTs, reasons: verdict.kind === 'held' ? verdict.reasons : [], fileIds: edit.fileIds };
  if (hold && isLive(hold)) await rewordHold(desk, hold.id, words);
  else if (hold?.state === 'released') await rewordReleased(desk, tx, hold, words);
  else return editStopped(desk, tx, { edit, hold, words, mark: verdict.mark });
  if (known.commentId !== null) await keepAsNote(desk, tx, known, { document: verdict.document, editedTs, reasons });
  await write(tx, known, { kind: 'reply' });
  return null;
}

/** The event of an edit and a second look at its message may meet: the first to write counts, or the same words would be held twice. */
async function claim(tx: Writer, { known, editedTs }: Edit, reasons: Reason[]): Promise<boolean> {
  const { threadMessages } = tx.tables;
  const isAsRead = known.editedTs === null ? isNull(threadMessages.editedTs) : eq(threadMessages.editedTs, known.editedTs);
  const claimed = await tx
    .update(threadMessages)
    .set({ editedTs, reasons })
    .where(and(eq(threadMessages.id, known.id), isAsRead))
    .returning({ id: threadMessages.id });
  return claimed.length > 0;
}

type Words = Parameters<typeof heldAnew>[1];

/** A note, or a reply that was cancelled: it stays that, unless the edit marks it for the customer. */
async function editStopped(
  desk: Desk,
  tx: Writer,
  { edit, hold, words, mark }: { edit: Edit; hold: Hold | undefined; words: Words; mark: string | null },
): Promise<AuthorHint | null> {
  const { known, message, ticket } = edit;
  if (known.commentId !== null)
    await keepAsNote(desk, tx, known, { document: words.document, editedTs: words.editedTs, reasons: words.reasons });
  const thread = await threadAt(tx, known.channel, known.threadTs);
  if (mark === null || known.authorId === null || thread?.kind !== 'card')
    return hold && hold.state !== 'noted' ? 'edited_stopped' : 'edited_note';
  const begun = await startHold(desk, {
    ...words,
    ticketId: ticket.id,
    authorId: known.authorId,
    sourceKey: `${known.key}:${words.editedTs ?? ''}`,
    channel: known.channel,
    threadTs: known.threadTs,
    sourceTs: message.ts,
    holdSeconds: await holdSecondsOf(desk, ticket),
  });
  await write(tx, known, { kind: 'reply', holdId: begun.id });
  return null;
}

/** Still queued for everybody: the frozen mail is taken back and the new words are held. Otherwise the customer has the old ones. */
async function rewordReleased(desk: Desk, tx: Writer, hold: Hold, words: Words): Promise<void> {
  if (await takeBack(desk, tx, hold)) {
    await moveHold(desk, tx, { hold, next: heldAnew(hold, words) }, { kind: 'person', id: hold.authorId });
    return;
  }
  const { document, editedTs } = words;
  await tx.update(tx.tables.holds).set({ document, editedTs }).where(eq(tx.tables.holds.id, hold.id));
  await markEdited(desk, tx, hold);
}

/** Nothing of it may leave any more: not what is held, nor what is still queued for everybody. */
async function stop(desk: Desk, tx: Writer, hold: Hold): Promise<void> {
  if (isLive(hold)) {
    await endHold(desk, hold.id, 'noted', { personId: hold.authorId });
    return;
  }
  if (hold.state !== 'released') return;
  if (!(await takeBack(desk, tx, hold))) return markEdited(desk, tx, hold);
  const next = { state: 'noted' as const, commentId: null, releaseAt: null, reasons: [] };
  await moveHold(desk, tx, { hold, next }, { kind: 'person', id: hold.authorId });
}

async function takeBack(desk: Desk, tx: Writer, { commentId }: Hold): Promise<boolean> {
  if (commentId === null || !(await cancelDelivery(desk, tx, commentId))) return false;
  await tx.update(tx.tables.comments).set({ withdrawnAt: desk.clock.now() }).where(eq(tx.tables.comments.id, commentId));
  return true;
}

async function markEdited(desk: Desk, tx: Writer, { ticketId, authorId, commentId }: Hold): Promise<void> {
  if (commentId === null) return;
  await tx.update(tx.tables.comments).set({ editedAt: desk.clock.now() }).where(eq(tx.tables.comments.id, commentId));
  await record(desk, tx, ticketId, { kind: 'person', id: authorId }, { type: 'comment.edited', data: { commentId } });
}

/** Edited into a command, or into nothing of a person's: its old words stop before anything else is done. */
async function becomeCommand(
  desk: Desk,
  slack: Slack,
  { known, message, ticket, author, editedTs }: Edit,
  verdict: Exclude<Classification, Verdict>,
): Promise<void> {
  await change(desk, 'edit into command', async (tx, desk) => {
    const hold = known.holdId === null ? undefined : await holdById(tx, known.holdId);
    if (hold) await stop(desk, tx, hold);
  });
  const reasons: Reason[] = verdict.kind === 'ignored' ? [verdict.reason] : [];
  const keep = (tx: Writer) => write(tx, known, { editedTs, kind: 'command', reasons });
  if (verdict.kind === 'ignored' || known.kind === 'command') return change(desk, 'edited into command', keep);
  return runMention(desk, slack, { ticket, message, author, verb: verdict.verb, args: verdict.args, keep });
}

async function write(tx: Writer, known: KnownMessage, values: Partial<KnownMessage>): Promise<void> {
  await tx.update(tx.tables.threadMessages).set(values).where(eq(tx.tables.threadMessages.id, known.id));
}

/** A deletion that overtook its message: when the message comes, it is known to be gone. */
export async function keepDeletion(desk: Desk, thread: Thread, { key, ts }: { key: string; ts: string }): Promise<void> {
  const at = desk.clock.now();
  const { channel, ticketId } = thread;
  await change(desk, 'early deletion', async (tx) => {
    await tx
      .insert(tx.tables.threadMessages)
      .values({ key, ticketId, channel, ts, threadTs: thread.ts, kind: 'ignored', reasons: [], deletedAt: at, at })
      .onConflictDoNothing({ target: tx.tables.threadMessages.key });
  });
}

/** Deleted while held: cancelled. Deleted after the customer had it: a tombstone says so. */
export async function takeDeletion(desk: Desk, known: KnownMessage): Promise<void> {
  if (known.deletedAt) return;
  await change(desk, 'deletion', async (tx, desk) => {
    const now = desk.clock.now();
    await write(tx, known, { deletedAt: now });
    const hold = known.holdId === null ? undefined : await holdById(tx, known.holdId);
    if (hold && isLive(hold)) {
      await endHold(desk, hold.id, 'cancelled', { personId: hold.authorId, reasons: [{ key: 'hold.deleted' }] });
      return;
    }
    if (!hold?.commentId) return;
    const isCancelled = await cancelDelivery(desk, tx, hold.commentId);
    await tx.update(tx.tables.comments).set({ withdrawnAt: now }).where(eq(tx.tables.comments.id, hold.commentId));
    const by = { kind: 'person' as const, id: hold.authorId };
    if (isCancelled) await moveHold(desk, tx, { hold, next: { state: 'cancelled', reasons: [{ key: 'hold.deleted' }] } }, by);
    await record(desk, tx, hold.ticketId, by, { type: 'comment.withdrawn', data: { commentId: hold.commentId } });
  });
}
