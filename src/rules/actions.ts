import type { Writer } from '#db/database.ts';
import type { Reason, Row } from '#db/schema.ts';
import type { Actor, Desk } from '#tickets/desk.ts';
import type { RecordedEvent } from '#tickets/events.ts';
import { setGroup, setPriority, tagTicket } from '#tickets/fields.ts';
import { mustFind } from '#tickets/find.ts';
import { notifyRequester } from '#tickets/notify.ts';
import { sendReply } from '#tickets/reply.ts';
import type { Action } from './rule.ts';

export interface Occasion {
  rule: Row<'rules'>;
  event: RecordedEvent & { ticketId: number };
  by: Actor;
}

/** An action calls a verb or queues a notice, never a channel. Returns what it did, for the firing's row. */
export async function act(desk: Desk, tx: Writer, action: Action, occasion: Occasion): Promise<Reason> {
  const { event, by, rule } = occasion;
  switch (action.do) {
    case 'notify': {
      const ticket = await mustFind(tx, event.ticketId);
      const key = action.template === 'solved' ? `solved:${ticket.id}:${event.id}` : `${action.template}:${ticket.id}`;
      const notice = { ticket, template: action.template, eventId: event.id, ruleId: rule.id, key, by, isAnswer: isMailOfTheirs(event) };
      const done = await notifyRequester(desk, tx, notice);
      return 'withheld' in done ? done.withheld : { key: 'firing.notified', params: { template: action.template } };
    }
    case 'sendReply': {
      if (event.type !== 'comment.added') return { key: 'firing.nothing' };
      const delivery = await sendReply(desk, tx, event.data.commentId);
      return delivery ? { key: 'firing.reply_sent' } : { key: 'firing.nothing' };
    }
    case 'group':
      await setGroup(desk, event.ticketId, action.groupId, by);
      return { key: 'firing.group' };
    case 'priority':
      await setPriority(desk, event.ticketId, action.priority, by);
      return { key: 'firing.priority', params: { priority: action.priority } };
    case 'tag':
      await tagTicket(desk, event.ticketId, { add: action.tags }, by);
      return { key: 'firing.tagged', params: { tags: action.tags.join(', ') } };
    default:
      return action satisfies never;
  }
}

function isMailOfTheirs(event: Occasion['event']): boolean {
  if (event.type === 'ticket.opened') return event.data.mailId !== undefined;
  return event.type === 'comment.added' && event.data.direction === 'in' && event.data.visibility === 'public';
}
