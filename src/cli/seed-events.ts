import type { NewRow } from '#db/schema.ts';
import type { Event } from '#tickets/events.ts';
import type { SeedPerson } from './seed-people.ts';
import type { Story, StoryComment } from './seed-story.ts';

/** A comment with what was written of it. */
export interface Written {
  comment: StoryComment;
  story: Story;
  ticketId: number;
  commentId: number;
  isFirst: boolean;
}

export interface Sent extends Written {
  deliveryId: number;
  messageId: string;
}

type Happened = Event & { by: SeedPerson | null; at: Date };

export interface Told {
  ticketId: number;
  written: Written[];
  sent: Sent[];
}

/** The log people see of one ticket, in the order of time. */
export function eventsOf(story: Story, { ticketId, written, sent }: Told): NewRow<'events'>[] {
  const happened: Happened[] = [
    opened(story),
    ...written.map(added),
    ...assigned(story),
    ...story.moves.map((move): Happened => {
      const why = { key: `status.${WHY[move.to]}` };
      return { type: 'ticket.status', data: { from: move.from, to: move.to, why }, by: move.by, at: move.at };
    }),
    ...sent.map(accepted),
  ];
  return happened
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ type, data, by, at }) => ({
      ticketId,
      type,
      actorKind: by ? ('person' as const) : ('system' as const),
      actorId: by?.id ?? null,
      data: data as Record<string, unknown>,
      at,
    }));
}

const WHY: Record<Story['status'], string> = {
  new: 'reopen',
  open: 'requester_comment',
  pending: 'agent_reply',
  on_hold: 'wait',
  solved: 'solve',
  closed: 'close',
};

function opened({ channel, requester, comments }: Story): Happened {
  return { type: 'ticket.opened', data: { channel, isAnswerable: true }, by: requester, at: comments[0]?.at ?? new Date(0) };
}

function added({ comment, commentId, isFirst }: Written): Happened {
  const { visibility, direction, author, at } = comment;
  return { type: 'comment.added', data: { commentId, visibility, direction, isAutomatic: false, isFirst }, by: author, at };
}

function assigned({ assignee, moves }: Story): Happened[] {
  const at = moves[0]?.at;
  return assignee && at ? [{ type: 'ticket.assigned', data: { from: null, to: assignee.id }, by: assignee, at }] : [];
}

function accepted({ deliveryId, comment }: Sent): Happened {
  return { type: 'delivery.state', data: { deliveryId, state: 'accepted', response: null }, by: null, at: comment.at };
}
