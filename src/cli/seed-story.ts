import { DAY, later } from '#clock.ts';
import type { Channel, Priority, Status } from '#db/words.ts';
import type { Chance } from './seed-chance.ts';
import type { Population, SeedPerson } from './seed-people.ts';
import { complaint, filled, type Saying, saying, SPEECHES } from './seed-speech.ts';

export interface StoryComment extends Saying {
  author: SeedPerson;
  direction: 'in' | 'out';
  visibility: 'public' | 'internal';
  at: Date;
}

/** What happened to one ticket from its first word to today. */
export interface Story {
  subject: string;
  channel: Channel;
  status: Status;
  priority: Priority;
  tags: string[];
  requester: SeedPerson;
  assignee: SeedPerson | null;
  comments: StoryComment[];
  /** Changes of status after `new`, oldest first. */
  moves: { from: Status; to: Status; by: SeedPerson; at: Date }[];
}

/** Old tickets are over, but for the few nobody can end; the newest are in every state there is. */
const OLD: readonly Status[] = [...Array<Status>(38).fill('closed'), 'pending', 'on_hold'];
const RECENT: readonly Status[] = [
  'open',
  'solved',
  'new',
  'pending',
  'open',
  'solved',
  'closed',
  'on_hold',
  'pending',
  'new',
  'open',
  'solved',
];
const MIN_RECENT = 24;
const RECENT_SHARE = 0.1;

const CHANNELS: readonly Channel[] = ['email', 'email', 'email', 'email', 'email', 'email', 'email', 'phone', 'phone', 'slack'];
const PRIORITIES: readonly Priority[] = ['normal', 'normal', 'normal', 'normal', 'normal', 'normal', 'low', 'high', 'high', 'urgent'];
const TAGS: readonly string[] = ['billing', 'hardware', 'network', 'account', 'delivery', 'licence'];
const TAG_SHARE = 0.4;
const NOTE_SHARE = 0.25;
const MAX_TURNS = 3;
/** However old a ticket is, its conversation is over after so long. */
const LONGEST_TALK = 5 * DAY;
/** A solved ticket closes by itself after four days, so what is solved still was solved later than that. */
const SOLVED_SINCE = 3 * DAY;

export interface Plan {
  tickets: number;
  since: Date;
  until: Date;
}

/** The ticket with this place in the row; later places are later times. */
export function storyOf(chance: Chance, plan: Plan, people: Population, index: number): Story {
  const requester = people.requesters[Math.floor(chance.next() ** 2 * people.requesters.length)] ?? chance.oneOf(people.requesters);
  const status = statusOf(plan, index);
  const assignee = status === 'new' ? null : chance.oneOf(people.agents);
  const speech = SPEECHES[requester.language];
  const openedAt = openingOf(chance, plan, index);
  const times = timesFrom(chance, openedAt, plan.until, status === 'solved');
  const story: Story = {
    subject: filled(chance.oneOf(speech.subjects), chance, speech),
    channel: chance.oneOf(CHANNELS),
    status,
    priority: chance.oneOf(PRIORITIES),
    tags: chance.isLucky(TAG_SHARE) ? [chance.oneOf(TAGS)] : [],
    requester,
    assignee,
    comments: [{ ...complaint(chance, speech, requester.name), author: requester, direction: 'in', visibility: 'public', at: openedAt }],
    moves: [],
  };
  if (assignee) talk(chance, story, assignee, times);
  return story;
}

function statusOf({ tickets }: Plan, index: number): Status {
  const recent = Math.max(MIN_RECENT, Math.ceil(tickets * RECENT_SHARE));
  const age = tickets - 1 - index;
  return (age < recent ? RECENT[age % RECENT.length] : OLD[age % OLD.length]) ?? 'closed';
}

function openingOf(chance: Chance, { tickets, since, until }: Plan, index: number): Date {
  const step = (until.getTime() - since.getTime()) / tickets;
  return later(since, Math.floor((index + chance.next() * 0.9) * step));
}

/** Gives times one after the other, never in the future. */
function timesFrom(chance: Chance, openedAt: Date, until: Date, isLate: boolean): () => Date {
  const left = until.getTime() - openedAt.getTime();
  const start = isLate ? Math.max(0, left - SOLVED_SINCE) : 0;
  const span = Math.min(left - start, LONGEST_TALK);
  let passed = 0;
  return () => {
    passed += (1 - passed) * (0.05 + chance.next() * 0.25);
    return later(openedAt, Math.floor(start + span * passed));
  };
}

/** Assigned, answered, answered again; then it ends as its status says. */
function talk(chance: Chance, story: Story, assignee: SeedPerson, nextTime: () => Date): void {
  const { requester, status } = story;
  const speech = SPEECHES[requester.language];
  const move = (to: Status, by: SeedPerson) => {
    const from = story.moves.at(-1)?.to ?? 'new';
    if (from !== to) story.moves.push({ from, to, by, at: nextTime() });
  };
  const say = (from: 'answers' | 'followUps' | 'notes', author: SeedPerson) =>
    story.comments.push({
      ...saying(chance, speech, from, requester.name),
      author,
      direction: from === 'followUps' ? 'in' : 'out',
      visibility: from === 'notes' ? 'internal' : 'public',
      at: nextTime(),
    });
  move('open', assignee);
  if (chance.isLucky(NOTE_SHARE)) say('notes', assignee);
  for (let turn = chance.below(MAX_TURNS); turn > 0; turn -= 1) {
    say('answers', assignee);
    move('pending', assignee);
    say('followUps', requester);
    move('open', requester);
  }
  if (status === 'open') return;
  if (status !== 'on_hold') say('answers', assignee);
  move(status === 'closed' ? 'solved' : status, assignee);
  if (status === 'closed') story.moves.push({ from: 'solved', to: 'closed', by: assignee, at: nextTime() });
}
