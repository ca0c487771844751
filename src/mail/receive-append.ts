import { change, type Desk, SYSTEM } from '#tickets/desk.ts';
import { record } from '#tickets/events.ts';
import { learnOfPerson, learnOfTicket } from '#tickets/learn-language.ts';
import { copyPeople } from '#tickets/copy.ts';
import { addRequesterComment } from '#tickets/requester-comment.ts';
import { indexTicket, writeComment } from '#tickets/comment.ts';
import { ensureMailbox, idOf, isAnswerable, letterBody, letterFiles } from './letter-body.ts';
import { type Arrival, type Fate, isFromPerson, verdictOf, writerOf } from './arrival.ts';
import { copiedPeople } from './copied.ts';
import { noteTooLarge } from './too-large.ts';
import { ownSubject } from './subject-tag.ts';
import type { Match } from './thread.ts';
import { isBareThanks } from './understand/thanks.ts';

/** A mail that belongs to a ticket. Only a participant's is the requester's side; anyone else's is for the team to see. */
export function append(desk: Desk, arrival: Arrival, match: Match, who: 'participant' | 'agent' | 'stranger'): Promise<Fate> {
  return change(desk, 'append mail', async (_tx, desk) =>
    who === 'participant' ? participant(desk, arrival, match) : outsider(desk, arrival, match, who),
  );
}

function participant(desk: Desk, arrival: Arrival, match: Match): Promise<Fate> {
  return change(desk, 'participant mail', async (tx, desk) => {
    const { letter, mail } = arrival;
    const author = await ensureMailbox(desk, tx, writerOf(letter));
    const body = letterBody(letter, 'reply');
    const isAutomatic = !isFromPerson(letter);
    const isThanks = !isAutomatic && isBareThanks(letter.replyText, match.ticket.language, letter.attachments.length > 0);
    const verdict = verdictOf(arrival);
    const subject = ownSubject(desk.settings, letter.subject);
    const { ticket, comment, isFollowUp } = await addRequesterComment(desk, {
      ticketId: match.ticket.id,
      ...(subject ? { subject } : {}),
      comment: {
        authorId: author.id,
        via: 'email',
        body: body.document,
        fullText: body.fullText,
        hiddenLines: body.hiddenLines,
        isAutomatic,
        files: letterFiles(arrival),
        sourceKey: `mail:${mail.id}`,
      },
      isThanks,
      verdict,
      isAnswerable: isAnswerable(letter) && !mail.isImported,
      mailId: mail.id,
      ...idOf(letter),
      text: letter.language,
    });
    await noteTooLarge(desk, tx, { ticketId: ticket.id, mail });
    // Of a sender who failed, nothing is learned.
    if (!isAutomatic && verdict !== 'fail') {
      await copyPeople(desk, tx, { ticket, personIds: await copiedPeople(desk, tx, arrival) }, { kind: 'person', id: author.id });
      await learnOfPerson(desk, tx, author, letter.language);
      if (!isFollowUp && author.id === ticket.requesterId) await learnOfTicket(desk, tx, ticket, letter.language);
    }
    const outcome = isFollowUp ? 'linked' : 'appended';
    return {
      outcome,
      ticketId: ticket.id,
      ticketNumber: ticket.number,
      commentId: comment.id,
      reasons: [`by ${match.signal}`, ...(isThanks ? ['a bare thanks'] : []), ...letter.reasons],
    };
  });
}

/** From someone new: an internal entry. Nothing is mailed to them, and they join nothing by themselves. */
function outsider(desk: Desk, arrival: Arrival, match: Match, who: 'agent' | 'stranger'): Promise<Fate> {
  return change(desk, 'outsider mail', async (tx, desk) => {
    const { letter, mail } = arrival;
    const author = await ensureMailbox(desk, tx, writerOf(letter));
    const body = letterBody(letter, 'reply');
    const comment = await writeComment(desk, tx, match.ticket.id, {
      authorId: author.id,
      direction: 'in',
      visibility: 'internal',
      via: 'email',
      body: body.document,
      fullText: body.fullText,
      hiddenLines: body.hiddenLines,
      files: letterFiles(arrival),
      sourceKey: `mail:${mail.id}`,
      reasons: [{ key: who === 'stranger' ? 'mail.stranger' : 'mail.agent', params: { address: writerOf(letter).address } }],
    });
    await indexTicket(tx, match.ticket.id);
    await record(desk, tx, match.ticket.id, SYSTEM, {
      type: 'comment.added',
      data: { commentId: comment.id, visibility: 'internal', direction: 'in', isAutomatic: !isFromPerson(letter), isFirst: false },
    });
    return {
      outcome: 'appended',
      ticketId: match.ticket.id,
      commentId: comment.id,
      reasons: [`by ${match.signal}, from ${who === 'stranger' ? 'someone new' : 'an agent'}: kept internal`],
    };
  });
}
