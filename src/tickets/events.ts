import type { Writer } from '#db/database.ts';
import type { HoldState, Priority, Status } from '#db/words.ts';
import type { Reason } from '#db/schema.ts';
import type { Clock } from '#clock.ts';

/** Who did it. A rule's depth says how many rules stand between it and what a person or the outside did. */
export type Actor = { kind: 'person'; id: number } | { kind: 'rule'; id: number; causeId: number; depth: number } | { kind: 'system' };

/** Everything that can happen. The log of these is the history people see and the source of every report. */
export type Event =
  | { type: 'ticket.opened'; data: { channel: string; mailId?: number; isAnswerable: boolean; why?: Reason[] } }
  | { type: 'comment.added'; data: CommentAdded }
  | { type: 'comment.edited'; data: { commentId: number } }
  | { type: 'comment.withdrawn'; data: { commentId: number } }
  | { type: 'ticket.assigned'; data: { from: number | null; to: number | null } }
  | { type: 'ticket.status'; data: { from: Status; to: Status; why: Reason } }
  | { type: 'ticket.priority'; data: { from: Priority; to: Priority } }
  | { type: 'ticket.group'; data: { from: number; to: number } }
  | { type: 'ticket.tagged'; data: { added: string[]; removed: string[] } }
  | { type: 'ticket.subject'; data: { from: string; to: string } }
  | { type: 'ticket.requester'; data: { from: number; to: number } }
  | { type: 'ticket.language'; data: { from: string; to: string; why: string } }
  | { type: 'ticket.joined'; data: { personId: number; role: 'cc' | 'follower' } }
  | { type: 'ticket.linked'; data: { kind: string; toId: number } }
  | { type: 'mail.quarantined'; data: { mailId: number; why: string[] } }
  | { type: 'mailbox.trouble'; data: { mailboxId: number; side: 'imap' | 'smtp'; since: number; why: Reason } }
  | { type: 'mailbox.mended'; data: { mailboxId: number; side: 'imap' | 'smtp'; since: number } }
  | { type: 'mailbox.filling'; data: { mailboxId: number; usedPercent: number } }
  | { type: 'mail.recorded'; data: { mailId: number; kind: string; why: string[] } }
  | { type: 'delivery.state'; data: { deliveryId: number; state: string; response: string | null } }
  | { type: 'delivery.late'; data: { deliveryId: number; isLoud: boolean; response: string | null } }
  | { type: 'notice.withheld'; data: { template: string; why: Reason } }
  | { type: 'side.opened'; data: { sideId: number; channel: string } }
  | { type: 'side.message'; data: { sideId: number; messageId: number } }
  | { type: 'hold.changed'; data: { holdId: number; state: HoldState; why?: Reason[] } };

export interface CommentAdded {
  commentId: number;
  visibility: 'public' | 'internal';
  direction: 'in' | 'out';
  isAutomatic: boolean;
  /** The comment that opened the ticket is told of by `ticket.opened`. */
  isFirst: boolean;
  isThanks?: boolean;
  solves?: boolean;
}

export type RecordedEvent = Event & { id: number; ticketId: number | null; actor: Actor; depth: number; at: Date };

/** What follows an event, in its transaction. */
export type Reaction<Desk> = (desk: Desk, tx: Writer, event: RecordedEvent) => Promise<void>;

interface Recorder<Desk> {
  clock: Clock;
  reactions: Reaction<Desk>[];
  failPoint(step: string): void;
}

/** Writes one event and lets everything that follows from it happen, in the caller's transaction. */
export async function record<Desk extends Recorder<Desk>>(
  desk: Desk,
  tx: Writer,
  ticketId: number | null,
  actor: Actor,
  event: Event,
): Promise<RecordedEvent> {
  const at = desk.clock.now();
  const depth = actor.kind === 'rule' ? actor.depth : 0;
  const id = await tx.add('events', {
    ticketId,
    type: event.type,
    actorKind: actor.kind,
    actorId: actor.kind === 'system' ? null : actor.id,
    causeId: actor.kind === 'rule' ? actor.causeId : null,
    depth,
    data: event.data as Record<string, unknown>,
    at,
  });
  const recorded: RecordedEvent = { ...event, id, ticketId, actor, depth, at };
  desk.failPoint('event written');
  for (const react of desk.reactions) await react(desk, tx, recorded);
  return recorded;
}
