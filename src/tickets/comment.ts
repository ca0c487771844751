import type { Writer } from '#db/database.ts';
import type { Reason, Row } from '#db/schema.ts';
import type { Channel, Verdict, Visibility } from '#db/words.ts';
import { type Document, documentText } from '#text/document.ts';
import type { Desk } from './desk.ts';
import type { TextLanguage } from './language.ts';
import { eq } from 'drizzle-orm';

export interface CommentDraft {
  authorId: number | null;
  direction: 'in' | 'out';
  visibility: Visibility;
  via: Channel;
  body: Document;
  /** The whole mail as text when `body` is only what was newly written. */
  fullText?: string | null;
  hiddenLines?: number;
  isAutomatic?: boolean;
  files?: FileRef[];
  /** A unique name of where it came from: the same thing twice is one comment. */
  sourceKey?: string | null;
  reasons?: Reason[];
  at?: Date;
}

export interface FileRef {
  fileId: number;
  isInline: boolean;
  contentId: string | null;
}

export interface RequesterComment {
  ticketId: number;
  comment: Omit<CommentDraft, 'direction' | 'visibility'>;
  /** A short thanks leaves a solved ticket solved. */
  isThanks?: boolean;
  verdict?: Verdict;
  /** For the follow-up ticket: may Tiketti of itself answer this? As on the closed one when not said. */
  isAnswerable?: boolean;
  mailId?: number;
  messageId?: string;
  /** For the follow-up ticket when this one is closed. */
  subject?: string;
  /** What the new text is written in; a follow-up of the requester's begins in it. */
  text?: TextLanguage | null;
}

export interface ReplyDraft {
  ticketId: number;
  authorId: number;
  body: Document;
  files?: FileRef[];
  sourceKey: string;
}

/** Writes one comment and its files. Not a verb: verbs say what a comment means. */
export async function writeComment(desk: Desk, tx: Writer, ticketId: number, draft: CommentDraft): Promise<Row<'comments'>> {
  const row: Omit<Row<'comments'>, 'id'> = {
    ticketId,
    authorId: draft.authorId,
    direction: draft.direction,
    visibility: draft.visibility,
    via: draft.via,
    isAutomatic: draft.isAutomatic ?? false,
    document: draft.body,
    fullText: draft.fullText ?? null,
    hiddenLines: draft.hiddenLines ?? 0,
    sourceKey: draft.sourceKey ?? null,
    reasons: draft.reasons ?? [],
    at: draft.at ?? desk.clock.now(),
    editedAt: null,
    withdrawnAt: null,
    redactedAt: null,
  };
  const comment = { id: await tx.add('comments', row), ...row };
  if (draft.files && draft.files.length > 0) {
    await tx.insert(tx.tables.commentFiles).values(
      draft.files.map((file, position) => ({
        commentId: comment.id,
        fileId: file.fileId,
        position,
        isInline: file.isInline,
        contentId: file.contentId,
      })),
    );
  }
  return comment;
}

const MAX_INDEXED = 8_000;

/** A ticket is found by its subject, its requester and what was said on it, newest first. */
export async function indexTicket(
  tx: Writer,
  ticketId: number,
  added?: { subject: string; requester: string; body: Document },
): Promise<void> {
  if (added) {
    await tx.index('ticket', ticketId, `${added.subject} ${added.requester} ${documentText(added.body)}`.slice(0, MAX_INDEXED));
    return;
  }
  const { tickets, people, comments } = tx.tables;
  const [ticket] = await tx
    .select({ subject: tickets.subject, requester: people.name, deletedAt: tickets.deletedAt })
    .from(tickets)
    .innerJoin(people, eq(people.id, tickets.requesterId))
    .where(eq(tickets.id, ticketId));
  if (!ticket) return;
  const bodies = await tx
    .select({ document: comments.document })
    .from(comments)
    .where(eq(comments.ticketId, ticketId))
    .orderBy(comments.id)
    .limit(200);
  const text = [ticket.subject, ticket.requester, ...bodies.map((body) => documentText(body.document))].join(' ');
  await tx.index('ticket', ticketId, ticket.deletedAt ? '' : text.slice(0, MAX_INDEXED));
}
