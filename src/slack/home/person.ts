import type { Translate } from '#i18n.ts';
import { section } from '../card.ts';
import { escape } from '../mrkdwn.ts';
import type { Block } from '../slack.ts';
import { buttons, header, type Page, pager } from './parts.ts';
import { ticketBlock, type TicketLine } from './tickets.ts';

/** `may`: asking to join is offered · `asked`: it was asked lately · `light`: writes notes already. */
export type Standing = 'may' | 'asked' | 'light';

export interface OwnFacts {
  tab: 'own';
  standing: Standing;
  tickets: Page<TicketLine>;
}

/** What somebody sees who answers no customers: their own matters, and the way in. */
export function ownBlocks({ standing, tickets }: OwnFacts, t: Translate): Block[] {
  const join = standing === 'may' ? [{ action: 'join.ask', label: t('slack:button.ask_to_join') }] : [];
  return [
    buttons('home.person', [{ action: 'home.create', label: t('home:button.create'), style: 'primary' }, ...join]),
    ...(standing === 'may' ? [] : [section(escape(t(standing === 'light' ? 'home:own.light' : 'slack:hint.asked')))]),
    header(t('home:own.title')),
    ...(tickets.total === 0 ? [section(escape(t('home:own.empty')))] : tickets.items.map((ticket) => ticketBlock(ticket, t))),
    ...pager('own', tickets, t),
  ];
}
