import type { Reader } from '#db/database.ts';
import type { RequesterComment } from './comment.ts';
import { copiedOn } from './copy.ts';
import { change, type Desk, SYSTEM } from './desk.ts';
import type { Comment, Ticket } from './find.ts';
import { type Chosen, followUpLanguage } from './language.ts';
import { openTicket, type TicketDraft } from './open.ts';
import { personById } from './people.ts';

/** A closed matter that goes on: a new ticket with the old one's people, group and language, linked both ways. */
export function followUp(desk: Desk, draft: RequesterComment & { closed: Ticket }): Promise<{ ticket: Ticket; comment: Comment }> {
  return change(desk, 'follow up', async (tx, desk) => {
    const { closed } = draft;
    const by = draft.comment.authorId === null ? SYSTEM : { kind: 'person' as const, id: draft.comment.authorId };
    return openTicket(desk, {
      ...goingOn(closed),
      subject: draft.subject ?? closed.subject,
      by,
      body: { ...draft.comment, direction: 'in', visibility: 'public' },
      language: await languageAgain(tx, draft),
      ccIds: await copiedOn(tx, closed.id),
      isAnswerable: draft.isAnswerable ?? closed.isAnswerable,
      ...(draft.verdict ? { verdict: draft.verdict } : {}),
      ...(draft.mailId === undefined ? {} : { mailId: draft.mailId }),
      ...(draft.messageId === undefined ? {} : { messageId: draft.messageId }),
    });
  });
}

/** Only the requester's own words choose: whoever was copied may write another language. */
async function languageAgain(reader: Reader, { closed, comment, text }: RequesterComment & { closed: Ticket }): Promise<Chosen> {
  const requester = await personById(reader, closed.requesterId);
  return followUpLanguage(closed, {
    person: { language: requester?.language ?? null, source: requester?.languageSource ?? null },
    text: comment.authorId === closed.requesterId ? (text ?? null) : null,
  });
}

/** What a follow-up has of the closed ticket. */
export function goingOn(closed: Ticket) {
  return {
    subject: closed.subject,
    channel: closed.channel,
    requesterId: closed.requesterId,
    language: {
      code: closed.language,
      source: closed.languageSource,
      confidence: closed.languageConfidence === null ? null : closed.languageConfidence / 100,
    },
    groupId: closed.groupId,
    addressId: closed.addressId,
    isAnswerable: closed.isAnswerable,
    follows: closed,
  } satisfies Partial<TicketDraft>;
}
