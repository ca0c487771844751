import { eq } from 'drizzle-orm';
import { SECOND } from '#clock.ts';
import { translator } from '#i18n.ts';
import type { Wish } from '#jobs/queue.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import { documentText } from '#text/document.ts';
import { type Desk, queue } from '#tickets/desk.ts';
import { groupById, mustFind, ticketName } from '#tickets/find.ts';
import { personById } from '#tickets/people.ts';
import { lastAnswers, mustFindSide, questionOf, type SideConversation, type SideMessage } from '#tickets/side.ts';
import { context, section } from '../card.ts';
import { channelMention, escape, quote, shorten, splitAtLines } from '../mrkdwn.ts';
import { showPost } from '../posts.ts';
import type { Block, Slack } from '../slack.ts';
import { addThread, cardThread, messageLink } from '../threads.ts';

const RETRIES = [2 * SECOND, 10 * SECOND, 60 * SECOND, 600 * SECOND];
const SECTION_CHARACTERS = 2_900;
const MAX_ANSWERS = 10;
/** A modal's field holds 3,000 characters, which escaping may make five times as long. */
const MAX_QUESTION_SECTIONS = 6;

export function sideWish(desk: Desk, sideId: number): Wish {
  return { kind: 'slack.side', key: `side:${sideId}`, lane: `side:${sideId}`, payload: { sideId }, runAt: desk.clock.now() };
}

export function sideLineWish(desk: Desk, sideId: number): Wish {
  return { kind: 'slack.side-line', key: `side-line:${sideId}`, lane: `side:${sideId}`, payload: { sideId }, runAt: desk.clock.now() };
}

/** Posts the question in its channel, and the line that links it in the ticket's thread. */
export function sideJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.side',
    concurrency: 4,
    leaseSeconds: 60,
    retries: RETRIES,
    isPatient: true,
    prepare: async (desk, job) => askInChannel(desk, slack, await mustFindSide(desk.db, Number(job.payload['sideId']))),
    apply: async (desk, tx, job) => queue(desk, tx, sideLineWish(desk, Number(job.payload['sideId']))),
  };
}

/** One line in the ticket's thread a side conversation: its link, its latest answers, and the click that keeps each. */
export function sideLineJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.side-line',
    concurrency: 4,
    leaseSeconds: 60,
    retries: RETRIES,
    isPatient: true,
    prepare: async (desk, job) => showSideLine(desk, slack, await mustFindSide(desk.db, Number(job.payload['sideId']))),
  };
}

async function askInChannel(desk: Desk, slack: Slack, side: SideConversation): Promise<void> {
  const question = await questionOf(desk.db, side.id);
  const starter = await personById(desk.db, side.startedById);
  const ticket = await mustFind(desk.db, side.ticketId);
  const group = await groupById(desk.db, ticket.groupId);
  const t = translator(group.language ?? desk.settings.language);
  const head = t('slack:side.question', { name: escape(starter?.name ?? ''), number: ticketName(desk.settings, ticket) });
  const words = splitAtLines(escape(question ? documentText(question.document) : ''), SECTION_CHARACTERS);
  await showPost(desk, slack, {
    key: `side:${side.id}`,
    ticketId: ticket.id,
    channel: side.channel,
    threadTs: null,
    lane: 'conversation',
    message: {
      text: `${head} ${words[0] ?? ''}`.slice(0, 3_000),
      blocks: [section(head), ...words.slice(0, MAX_QUESTION_SECTIONS).map(section), context([escape(t('slack:side.hint'))])],
    },
    also: async (tx, ts) => {
      await tx.update(tx.tables.sideConversations).set({ threadTs: ts }).where(eq(tx.tables.sideConversations.id, side.id));
      await addThread(desk, tx, { channel: side.channel, ts, ticketId: ticket.id, kind: 'side', sideId: side.id });
    },
  });
}

async function showSideLine(desk: Desk, slack: Slack, side: SideConversation): Promise<void> {
  const thread = await cardThread(desk.db, side.ticketId);
  if (!thread || !side.threadTs) return;
  const ticket = await mustFind(desk.db, side.ticketId);
  const group = await groupById(desk.db, ticket.groupId);
  const t = translator(group.language ?? desk.settings.language);
  const starter = await personById(desk.db, side.startedById);
  const link = `<${messageLink(side.channel, side.threadTs)}|${escape(shorten(side.subject, 80)).replaceAll('|', '¦')}>`;
  const text = t('slack:thread.side_opened', { name: escape(starter?.name ?? ''), channel: channelMention(side.channel), link });
  const blocks = [section(text), ...(await answerBlocks(desk, side, t))];
  await showPost(desk, slack, {
    key: `side-line:${side.id}`,
    ticketId: ticket.id,
    channel: thread.channel,
    threadTs: thread.ts,
    lane: 'conversation',
    message: { text, blocks },
  });
}

/** Each answer with the click that keeps it; who wants older ones follows the link. */
async function answerBlocks(desk: Desk, side: SideConversation, t: ReturnType<typeof translator>): Promise<Block[]> {
  const answers = await lastAnswers(desk.db, side.id, MAX_ANSWERS);
  return (await Promise.all(answers.map((answer) => answerBlock(desk, answer, t)))).flat();
}

async function answerBlock(desk: Desk, answer: SideMessage, t: ReturnType<typeof translator>): Promise<Block[]> {
  const author = answer.authorId === null ? undefined : await personById(desk.db, answer.authorId);
  const words = section(`*${escape(author?.name ?? '')}*\n${quote(escape(shorten(documentText(answer.document), 600)))}`);
  if (answer.noteId !== null) return [words, context([`📝 ${escape(t('slack:side.noted'))}`])];
  const button = {
    type: 'button',
    action_id: 'side.note',
    value: String(answer.id),
    text: { type: 'plain_text', text: t('slack:button.to_note') },
  };
  return [words, { type: 'actions', block_id: `side.${answer.id}`, elements: [button] }];
}
