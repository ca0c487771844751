import { eq } from 'drizzle-orm';
import { DAY, MINUTE } from '#clock.ts';
import type { Row } from '#db/schema.ts';
import { languageOf } from '#i18n.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { addIdentity, ensurePerson, normalAddress, type Person, personBy } from '#tickets/people.ts';
import { isSlackError } from './lanes.ts';
import { Recent } from './recent.ts';
import type { Slack } from './slack.ts';

export type SlackUser = Row<'slackUsers'>;

const MAX_AGE = DAY;
/** Another node may have heard of a change: our own memory of a person is trusted for so long, then our database is asked. */
const MEMORY = MINUTE;
const MAX_REMEMBERED = 2_000;
const memories = new WeakMap<Slack, Recent<{ user: SlackUser; at: number }>>();

interface UserInfo {
  id: string;
  team_id?: string;
  name?: string;
  real_name?: string;
  deleted?: boolean;
  is_bot?: boolean;
  is_owner?: boolean;
  is_primary_owner?: boolean;
  is_restricted?: boolean;
  is_ultra_restricted?: boolean;
  is_stranger?: boolean;
  locale?: string;
  tz?: string;
  profile?: { email?: string; real_name?: string; display_name?: string };
}

/** What Slack knows of a person, at most a day old. */
export async function slackUser(desk: Desk, slack: Slack, id: string): Promise<SlackUser> {
  const kept = await keptUser(desk, slack, id);
  if (kept && desk.clock.now().getTime() - kept.fetchedAt.getTime() < MAX_AGE) return kept;
  const { user } = await slack.lanes.call<{ user: UserInfo }>('answer', 'users.info', { user: id, include_locale: true });
  return keepUser(desk, slack, user);
}

/** Only what is already here: for answers that can't wait for a question to Slack. */
export function rememberedUser(slack: Slack, id: string): SlackUser | undefined {
  return memoryOf(slack).get(id)?.user;
}

/** Somebody who never had to do with us: their changes are nothing to us. Workspaces have thousands of them. */
export async function isKnownUser(desk: Desk, slack: Slack, id: string): Promise<boolean> {
  return (await keptUser(desk, slack, id)) !== undefined;
}

/** From `users.info`, or a `user_change` event. */
export async function keepUser(desk: Desk, slack: Slack, info: UserInfo): Promise<SlackUser> {
  const before = await readUser(desk, info.id);
  const row: SlackUser = {
    id: info.id,
    teamId: info.team_id ?? slack.team.id,
    name: info.profile?.real_name || info.real_name || info.profile?.display_name || info.name || info.id,
    email: info.profile?.email ? normalAddress(info.profile.email) : null,
    locale: info.locale ?? before?.locale ?? 'en-US',
    timeZone: info.tz ?? before?.timeZone ?? desk.settings.timeZone,
    isBot: info.is_bot ?? false,
    isGuest: Boolean(info.is_restricted || info.is_ultra_restricted),
    isStranger: Boolean(info.is_stranger) || (info.team_id !== undefined && info.team_id !== slack.team.id),
    isOwner: Boolean(info.is_owner || info.is_primary_owner),
    isDeleted: info.deleted ?? false,
    fetchedAt: desk.clock.now(),
  };
  const { id, ...values } = row;
  await slack.commits.run('slack user', async (tx) => {
    await tx
      .insert(tx.tables.slackUsers)
      .values({ id, ...values })
      .onConflictDoUpdate({ target: tx.tables.slackUsers.id, set: values });
  });
  remember(desk, slack, row);
  return row;
}

/** The person behind a Slack user; null for bots, guests and people of other workspaces, who may do nothing. */
export async function personOfUser(desk: Desk, slack: Slack, userId: string): Promise<{ person: Person; user: SlackUser } | null> {
  const user = await knownUser(desk, slack, userId);
  if (!user || user.isBot || user.isGuest || user.isStranger || user.isDeleted) return null;
  return { person: await ensureMember(desk, user), user };
}

/** Null for those whom Slack does not show us. */
async function knownUser(desk: Desk, slack: Slack, userId: string): Promise<SlackUser | null> {
  try {
    return await slackUser(desk, slack, userId);
  } catch (error) {
    if (isSlackError(error, 'user_not_found', 'user_not_visible')) return null;
    throw error;
  }
}

/** One human: who wrote to us from the address of their Slack profile is the same person. */
export async function ensureMember(desk: Desk, user: SlackUser): Promise<Person> {
  const found = await personBy(desk.db, 'slack', user.id);
  if (found) return found;
  return change(desk, 'slack member', async (tx, desk) => {
    const draft = { kind: 'slack' as const, value: user.id, display: user.name, name: user.name };
    const again = await personBy(tx, 'slack', user.id);
    if (again) return again;
    const byMail = user.email ? await personBy(tx, 'email', user.email) : undefined;
    if (byMail) {
      await addIdentity(desk, tx, byMail.id, draft);
      return byMail;
    }
    const person = await ensurePerson(desk, tx, { ...draft, language: languageOf(user.locale) });
    if (user.email) await addIdentity(desk, tx, person.id, { kind: 'email', value: user.email });
    return person;
  });
}

async function readUser(desk: Desk, id: string): Promise<SlackUser | undefined> {
  const [row] = await desk.db.select().from(desk.db.tables.slackUsers).where(eq(desk.db.tables.slackUsers.id, id)).limit(1);
  return row;
}

function memoryOf(slack: Slack): Recent<{ user: SlackUser; at: number }> {
  const memory = memories.get(slack) ?? new Recent(MAX_REMEMBERED);
  memories.set(slack, memory);
  return memory;
}

function remember(desk: Desk, slack: Slack, user: SlackUser): void {
  memoryOf(slack).set(user.id, { user, at: desk.clock.now().getTime() });
}

async function keptUser(desk: Desk, slack: Slack, id: string): Promise<SlackUser | undefined> {
  const recent = memoryOf(slack).get(id);
  if (recent && desk.clock.now().getTime() - recent.at < MEMORY) return recent.user;
  const user = await readUser(desk, id);
  if (user) remember(desk, slack, user);
  return user;
}
