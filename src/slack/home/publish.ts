import { DAY, later, SECOND } from '#clock.ts';
import { translator } from '#i18n.ts';
import type { Desk } from '#tickets/desk.ts';
import { isAgent, type Person } from '#tickets/people.ts';
import type { Lane } from '../lanes.ts';
import type { Slack } from '../slack.ts';
import { personOfUser, slackUser } from '../users.ts';
import { areRepliesSent, peopleFacts, quarantineFacts, rulesFacts } from './gather-admin.ts';
import { guideFacts } from './gather-guide.ts';
import { mailFacts } from './gather-mail.ts';
import { troubledReplies } from './gather-replies.ts';
import { myTickets, ownTickets, unassignedTickets } from './gather-tickets.ts';
import { type HomeFacts, type HomeView, homeView, strangerView } from './home.ts';
import type { Standing } from './person.ts';
import { FIRST, type HomeState } from './state.ts';

/** Somebody whose request was not answered may ask again after this. */
const ASK_AGAIN_DAYS = 7;
const MAX_REMEMBERED = 10_000;
/** An event is told within seconds; by then another node may have shown them something else. */
const HEARSAY_AFTER = 30 * SECOND;

interface Shown {
  state: HomeState;
  /** When they last chose where to stand. */
  statedAt: Date | null;
  at: Date | null;
  turn: Promise<void>;
}

const shownIn = new WeakMap<Slack, Map<string, Shown>>();

export interface HomeWanted {
  userId: string;
  /** Where they stand now; when not given, where they stood last. */
  state?: HomeState | undefined;
  /** Slack's word of where they stood; told late, it must not undo a click they made since. */
  isHearsay?: boolean;
  lane: Lane;
}

/** Shows somebody their Home. One at a time a person, and each shows the newest: an older view never comes last. */
export function publishHome(desk: Desk, slack: Slack, { userId, state, isHearsay, lane }: HomeWanted): Promise<void> {
  const all = shownIn.get(slack) ?? new Map<string, Shown>();
  shownIn.set(slack, all);
  if (all.size >= MAX_REMEMBERED && !all.has(userId)) all.clear();
  const shown = all.get(userId) ?? { state: FIRST, statedAt: null, at: null, turn: Promise.resolve() };
  all.set(userId, shown);
  const now = desk.clock.now();
  const isLate = isHearsay && shown.statedAt !== null && shown.statedAt > later(now, -HEARSAY_AFTER);
  if (state && !isLate) Object.assign(shown, { state, statedAt: now });
  const publish = async () => {
    const view = await viewFor(desk, slack, userId, shown.state);
    await slack.lanes.call(lane, 'views.publish', { user_id: userId, view });
    shown.at = desk.clock.now();
  };
  const turn = shown.turn.then(publish);
  // Whoever asked for it hears of its failure; the next in turn goes on.
  shown.turn = turn.catch(() => undefined);
  return turn;
}

/** When somebody's Home was last shown from here, and when they last chose here where to stand. */
export function lastShown(slack: Slack, userId: string): Pick<Shown, 'statedAt' | 'at'> | null {
  return shownIn.get(slack)?.get(userId) ?? null;
}

async function viewFor(desk: Desk, slack: Slack, userId: string, state: HomeState): Promise<HomeView> {
  const known = await personOfUser(desk, slack, userId);
  if (!known) return strangerView(translator((await slackUser(desk, slack, userId)).locale));
  const facts = await homeFacts(desk, known.person, state);
  const isGuided = facts.role === 'admin' && facts.content.tab === 'work';
  const guide = isGuided ? await guideFacts(desk, slack) : null;
  return homeView({ ...facts, guide }, translator(known.user.locale));
}

/** What somebody may see, by the role they have at this moment. */
export async function homeFacts(desk: Desk, person: Person, state: HomeState): Promise<HomeFacts> {
  const facts = { role: person.role, state, areRepliesSent: await areRepliesSent(desk.db) };
  if (!isAgent(person))
    return {
      ...facts,
      content: { tab: 'own', standing: standingOf(desk, person), tickets: await ownTickets(desk, person.id, state.pages.own) },
    };
  if (person.role === 'admin' && state.tab === 'rules') return { ...facts, content: await rulesFacts(desk, state.pages.rules) };
  if (person.role === 'admin' && state.tab === 'people') return { ...facts, content: await peopleFacts(desk, state.pages.people) };
  if (person.role === 'admin' && state.tab === 'mail') return { ...facts, content: await mailFacts(desk, state) };
  return {
    ...facts,
    content: {
      tab: 'work',
      mine: await myTickets(desk, person.id, state.pages.mine),
      unassigned: await unassignedTickets(desk, person.id, state.pages.unassigned),
      held: await troubledReplies(desk, person.id, state.pages.held),
      quarantine: person.role === 'admin' ? await quarantineFacts(desk.db) : null,
    },
  };
}

function standingOf(desk: Desk, { role, askedToJoinAt }: Person): Standing {
  if (role === 'light') return 'light';
  const isFresh = askedToJoinAt !== null && askedToJoinAt > later(desk.clock.now(), -ASK_AGAIN_DAYS * DAY);
  return isFresh ? 'asked' : 'may';
}
