import type { Reason } from '#db/schema.ts';
import type { Translate } from '#i18n.ts';
import { section } from '../card.ts';
import { reasonText } from '../replies/reason.ts';
import { bold, escape, moment, quote, shorten } from '../mrkdwn.ts';
import { responseText } from '../response.ts';
import type { Block } from '../slack.ts';
import { type QuarantineFacts, quarantineBlocks } from './admin-quarantine.ts';
import { button, buttons, header, lines, type Page, pager } from './parts.ts';
import { freeTicketBlock, ticketBlock, type TicketLine } from './tickets.ts';

/** What keeps a reply from its customer. `lining`: Slack has not taken its control line. */
export type Trouble = 'lining' | 'paused' | 'waiting' | 'delayed' | 'unknown' | 'failed' | 'bounced';

export interface ReplyLine {
  name: string;
  subject: string;
  trouble: Trouble;
  words: string;
  reasons: Reason[];
  /** What the mail server said. */
  response: string | null;
  at: Date;
  url: string | null;
}

export interface WorkFacts {
  tab: 'work';
  mine: Page<TicketLine>;
  unassigned: Page<TicketLine>;
  held: Page<ReplyLine>;
  /** Null for those who are no admins. */
  quarantine: QuarantineFacts | null;
}

const TROUBLE_EMOJI = { lining: '✋', paused: '✋', waiting: '✋', delayed: '🐢', unknown: '❔', failed: '⚠️', bounced: '⚠️' } as const;
const MAX_SUBJECT = 100;
const MAX_WORDS = 200;
const MAX_REASONS = 300;

export function workBlocks(facts: WorkFacts, t: Translate): Block[] {
  const { mine, unassigned, held, quarantine } = facts;
  return [
    buttons('home.agent', [{ action: 'home.create', label: t('home:button.create'), style: 'primary' }]),
    ...list(t('home:held.title'), held, t('home:held.empty'), (reply) => replyBlock(reply, t)),
    ...pager('held', held, t),
    ...list(t('home:mine.title'), mine, t('home:mine.empty'), (ticket) => ticketBlock(ticket, t)),
    ...pager('mine', mine, t),
    ...list(t('home:unassigned.title'), unassigned, t('home:unassigned.empty'), (ticket) => freeTicketBlock(ticket, t)),
    ...pager('unassigned', unassigned, t),
    ...(quarantine ? quarantineBlocks(quarantine, t) : []),
  ];
}

function list<T>(title: string, page: Page<T>, empty: string, render: (item: T) => Block): Block[] {
  if (page.total === 0) return [header(title), section(escape(empty))];
  return [header(`${title} · ${page.total}`), ...page.items.map(render)];
}

function replyBlock(reply: ReplyLine, t: Translate): Block {
  const open = reply.url ? button({ action: 'open.link', label: t('home:button.open'), url: reply.url }) : undefined;
  const reasons = reply.reasons.map((reason) => reasonText(t, reason)).join(' ');
  const why = shorten([t(`home:held.trouble.${reply.trouble}`), reasons, responseText(t, reply.response)].join(' '), MAX_REASONS);
  return lines(
    [
      bold(escape(`${reply.name} · ${shorten(reply.subject, MAX_SUBJECT)}`)),
      `${TROUBLE_EMOJI[reply.trouble]} ${escape(why)}  ·  🕑 ${moment(reply.at)}`,
      quote(escape(shorten(reply.words, MAX_WORDS))),
    ],
    open,
  );
}
