import type { Reason } from '#db/schema.ts';
import type { Document } from '#text/document.ts';
import { type FileRef, indexTicket, writeComment } from './comment.ts';
import { change, type Desk } from './desk.ts';
import { record } from './events.ts';
import { type Comment, mustFind } from './find.ts';

export interface NoteDraft {
  ticketId: number;
  authorId: number | null;
  body: Document;
  files?: FileRef[];
  sourceKey?: string;
  reasons?: Reason[];
}

/** Something only the team sees. Kept on any ticket, even a closed one; changes no status. */
export function note(desk: Desk, draft: NoteDraft): Promise<Comment> {
  return change(desk, 'note', async (tx, desk) => {
    const ticket = await mustFind(tx, draft.ticketId);
    const comment = await writeComment(desk, tx, ticket.id, {
      authorId: draft.authorId,
      direction: 'out',
      visibility: 'internal',
      via: 'slack',
      body: draft.body,
      files: draft.files ?? [],
      sourceKey: draft.sourceKey ?? null,
      reasons: draft.reasons ?? [],
    });
    await indexTicket(tx, ticket.id);
    const by = draft.authorId === null ? { kind: 'system' as const } : { kind: 'person' as const, id: draft.authorId };
    await record(desk, tx, ticket.id, by, {
      type: 'comment.added',
      data: { commentId: comment.id, visibility: 'internal', direction: 'out', isAutomatic: false, isFirst: false },
    });
    return comment;
  });
}
