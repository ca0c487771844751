import { later, MINUTE, SECOND } from '#clock.ts';
import { Later } from '#jobs/job-kind.ts';
import { failureText, translator } from '#i18n.ts';
import type { EventDoor } from '#slack/doors.ts';
import { isSlackError } from '#slack/lanes.ts';
import { takeLost } from '#slack/repair.ts';
import { knownMessage, messageKey } from '#slack/replies/message.ts';
import { holdNote, takeNoteBack } from '#slack/replies/send-note.ts';
import type { Slack } from '#slack/slack.ts';
import { threadAt } from '#slack/threads.ts';
import { personOfUser } from '#slack/users.ts';
import { assignTicket } from '#tickets/assign.ts';
import type { Desk } from '#tickets/desk.ts';
import { setPriority } from '#tickets/fields.ts';
import { isAgent, type Person } from '#tickets/people.ts';
import { solveTicket } from '#tickets/solve.ts';
import { Failure } from '#failure.ts';

interface ReactionEvent {
  user: string;
  reaction: string;
  item: { type: string; channel: string; ts: string };
}

const SEND = 'incoming_envelope';
const FIRST_WAIT = 2 * SECOND;
const PATIENCE = 10 * MINUTE;

/** 👀 take · ✅ solve · 🚨 urgent on a card; 📨 on one's own note sends it. Only agents' count. */
export const reactionAdded: EventDoor = async (desk, slack, payload, receivedAt) => {
  const event = payload as unknown as ReactionEvent;
  if (event.item?.type !== 'message' || event.user === slack.bot.userId) return;
  const found = await personOfUser(desk, slack, event.user);
  if (!found || !isAgent(found.person)) return;
  const name = event.reaction.split('::')[0] ?? '';
  const thread = await threadAt(desk.db, event.item.channel, event.item.ts);
  try {
    if (thread?.kind === 'card') await onCard(desk, thread.ticketId, name, found.person);
    else if (name === SEND) await sendNote(desk, slack, { event, person: found.person, receivedAt });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await sayRefused(slack, event, failureText(translator(found.user.locale), error));
  }
};

/** What a reaction asked for is not allowed, and nothing happened: whoever gave it reads so. */
async function sayRefused(slack: Slack, { user, item }: ReactionEvent, text: string): Promise<void> {
  try {
    await slack.lanes.call('answer', 'chat.postEphemeral', { channel: item.channel, user, text });
  } catch (error) {
    if (!isSlackError(error)) throw error;
  }
}

async function onCard(desk: Desk, ticketId: number, name: string, person: Person): Promise<void> {
  const by = { kind: 'person' as const, id: person.id };
  if (name === 'eyes') await assignTicket(desk, ticketId, person.id, by);
  if (name === 'white_check_mark') await solveTicket(desk, ticketId, by);
  if (name === 'rotating_light') await setPriority(desk, ticketId, 'urgent', by);
}

/** One's own note, sent after all: held like any reply. A note that was made from a held reply can be sent too. */
async function sendNote(
  desk: Desk,
  slack: Slack,
  { event, person, receivedAt }: { event: ReactionEvent; person: Person; receivedAt: Date },
): Promise<void> {
  const known = await knownMessage(desk.db, messageKey(slack, event.item.channel, event.item.ts));
  if (!known) return waitForMessage(desk, slack, event, receivedAt);
  if (known.authorId !== person.id) return;
  await holdNote(desk, known, person);
}

/** The reaction overtook its message, whose event may even be lost; or it is on one that is none of ours. */
async function waitForMessage(desk: Desk, slack: Slack, { item }: ReactionEvent, receivedAt: Date): Promise<void> {
  const now = desk.clock.now();
  const waited = now.getTime() - receivedAt.getTime();
  if (waited < PATIENCE) throw new Later(later(now, Math.max(FIRST_WAIT, waited)), 'its message is not here yet');
  if (await takeLost(desk, slack, item)) throw new Later(later(now, FIRST_WAIT), 'its message is being taken now');
}

/** Taking 📨 back cancels while it is held; afterwards the customer has it. */
export const reactionRemoved: EventDoor = async (desk, slack, payload) => {
  const event = payload as unknown as ReactionEvent;
  if (event.reaction !== SEND || event.item?.type !== 'message' || event.user === slack.bot.userId) return;
  const known = await knownMessage(desk.db, messageKey(slack, event.item.channel, event.item.ts));
  const found = await personOfUser(desk, slack, event.user);
  if (!known || !found || known.authorId !== found.person.id) return;
  await takeNoteBack(desk, known);
};
