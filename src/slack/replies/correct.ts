import type { Translate } from '#i18n.ts';
import { Failure } from '#failure.ts';
import type { Desk } from '#tickets/desk.ts';
import { commentById, mustFind } from '#tickets/find.ts';
import { personById } from '#tickets/people.ts';
import type { Document } from '#text/document.ts';
import type { Slack } from '../slack.ts';
import { type Hold, startHold } from './hold.ts';
import { weigh } from './judge.ts';
import { knownMessage, messageKey, type KnownMessage } from './message.ts';
import { holdSecondsOf } from './standing.ts';

/** Only what the edit left a reply: an edit that marks it a note, or mentions somebody, is no correction. */
export function isCorrectable(hold: Pick<Hold, 'state' | 'editedTs'>, known: KnownMessage | undefined): known is KnownMessage {
  return hold.state === 'released' && hold.editedTs !== null && known?.kind === 'reply' && known.editedTs === hold.editedTs;
}

/** A second mail that says what the edited message says now; held like any other. `t` is the customer's language. */
export async function startCorrection(desk: Desk, slack: Slack, hold: Hold, t: Translate): Promise<void> {
  const known = hold.sourceTs === null ? undefined : await knownMessage(desk.db, messageKey(slack, hold.channel, hold.sourceTs));
  const sent = hold.commentId === null ? undefined : await commentById(desk.db, hold.commentId);
  if (!sent || !isCorrectable(hold, known)) throw new Failure('hold.settled');
  const ticket = await mustFind(desk.db, hold.ticketId);
  const author = (await personById(desk.db, hold.authorId)) ?? null;
  const words = difference(sent.document, hold.document);
  const found = await weigh(desk, { ticket, author, document: words, hasFiles: false });
  const carried = known.reasons.filter(({ key }) => !['reply', 'public_mark', ...found.map((reason) => reason.key)].includes(key));
  await startHold(desk, {
    ticketId: hold.ticketId,
    authorId: hold.authorId,
    document: { blocks: [{ type: 'paragraph', inlines: [{ type: 'text', text: t('slack:line.correction') }] }, ...words.blocks] },
    fileIds: [],
    sourceKey: `correction:${hold.id}:${known.editedTs}`,
    channel: hold.channel,
    threadTs: hold.threadTs,
    sourceTs: null,
    holdSeconds: await holdSecondsOf(desk, ticket),
    reasons: [...found, ...carried],
  });
}

/** The paragraphs that are new; all of it when something was only taken away, which can't be said by a part. */
function difference(before: Document, after: Document): Document {
  const known = new Set(before.blocks.map((block) => JSON.stringify(block)));
  const changed = after.blocks.filter((block) => !known.has(JSON.stringify(block)));
  return changed.length > 0 ? { blocks: changed } : after;
}
