import { and, eq, inArray, isNotNull, isNull, count } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import type { Reader } from '#db/database.ts';
import type { Desk } from '#tickets/desk.ts';
import { defaultGroup } from '#tickets/find.ts';
import { readGuide } from '#tickets/guide.ts';
import { isSlackError } from '../lanes.ts';
import type { Slack } from '../slack.ts';
import { type GuideFacts, isGuideDone } from './guide.ts';

/** Whether we are in a channel is asked anew after this; only until the guide is done. */
const ASK_AGAIN_AFTER = MINUTE;
/** The first admin and somebody else. */
const TEAM_SIZE = 2;

interface Standing {
  channel: string;
  isIn: boolean;
  at: Date;
}

const standings = new WeakMap<Slack, Standing>();

/** Null when nothing is left to do, or somebody said so. */
export async function guideFacts(desk: Desk, slack: Slack): Promise<GuideFacts | null> {
  const { isDismissed, looked } = await readGuide(desk.db);
  if (isDismissed) return null;
  const { slackChannel } = await defaultGroup(desk.db);
  const facts: GuideFacts = {
    channel: slackChannel === null ? null : { id: slackChannel, isIn: await isMember(desk, slack, slackChannel) },
    isMailHere: await hasMailArrived(desk.db),
    locale: { isSeen: looked.includes('locale'), language: desk.settings.language, timeZone: desk.settings.timeZone },
    hasTeam: (await agentCount(desk.db)) >= TEAM_SIZE,
    isRuleSeen: looked.includes('rules'),
  };
  return isGuideDone(facts) ? null : facts;
}

/** What was "no" is asked each time: somebody may have just typed the invitation. */
async function isMember(desk: Desk, slack: Slack, channel: string): Promise<boolean> {
  const known = standings.get(slack);
  const now = desk.clock.now();
  if (known?.isIn && known.channel === channel && known.at > later(now, -ASK_AGAIN_AFTER)) return true;
  const isIn = await askSlack(slack, channel);
  standings.set(slack, { channel, isIn, at: now });
  return isIn;
}

async function askSlack(slack: Slack, channel: string): Promise<boolean> {
  try {
    const answer = await slack.lanes.call<{ channel: { is_member?: boolean; is_archived?: boolean } }>('answer', 'conversations.info', {
      channel,
    });
    return answer.channel.is_member === true && answer.channel.is_archived !== true;
  } catch (error) {
    if (!isSlackError(error)) throw error;
    return false;
  }
}

/** A mailbox is being read, or a mail has come by another way. */
async function hasMailArrived(reader: Reader): Promise<boolean> {
  const { mailboxes, mails } = reader.tables;
  const isRead = and(eq(mailboxes.isEnabled, true), isNotNull(mailboxes.readAt), isNull(mailboxes.imapTrouble));
  const [read] = await reader.select({ id: mailboxes.id }).from(mailboxes).where(isRead).limit(1);
  if (read) return true;
  const [mail] = await reader.select({ id: mails.id }).from(mails).limit(1);
  return mail !== undefined;
}

async function agentCount(reader: Reader): Promise<number> {
  const { people } = reader.tables;
  const [row] = await reader
    .select({ agents: count() })
    .from(people)
    .where(inArray(people.role, ['admin', 'agent']));
  return row?.agents ?? 0;
}
