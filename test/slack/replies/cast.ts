import { detectLanguage } from '#text/language.ts';
import { audienceFacts } from '#slack/replies/audience-facts.ts';
import type { ReplyContext } from '#slack/replies/classify.ts';

export const BOT = 'UTIKETTI';

/** One desk for every remark and answer: the author answers as Sam, Samuli, Samuel or Семён. */
export const facts = audienceFacts({
  colleagueNames: ['Anna Virtanen', 'Ben Carter', 'Pekka Salonen', 'Sofia Lindqvist', 'Dmitri Orlov', 'Maria Koskinen'],
  colleagueHandles: ['anna.v', 'bcarter', 'pekka'],
  authorName: 'Sam Samuli Samuel Семён',
  ownNames: ['Brightdesk', 'Kirkasdesk', 'Klardesk', 'Yasnydesk'],
  internalHosts: ['jira.brightdesk.example', '.intra.brightdesk.example', 'buildbox'],
  otherPeople: ['Harriet Poole', 'Timo Rautio', 'Göran Wikman', 'Игорь Лаптев'],
  otherOrganizations: ['Nordlake Timber Oy', 'Acme Ltd', 'Blåvik Marin AB', 'ООО Сосновый Бор'],
  otherDomains: ['nordlake.example', 'acme.example'],
  otherAddresses: ['harriet.poole@mail.example'],
  ticketPrefixes: ['TK', 'SUP'],
  groupLanguage: 'en',
  detectLanguage,
});

export const REQUESTERS: Record<string, string> = { en: 'Emma Clarke', fi: 'Liisa Korhonen', sv: 'Elin Forsberg', ru: 'Ольга Смирнова' };

export function contextIn(language: string, changes: Partial<ReplyContext['ticket']> = {}): ReplyContext {
  return {
    botSlackId: BOT,
    authorRole: 'agent',
    policy: 'guarded',
    ticket: {
      status: 'open',
      isMerged: false,
      number: 'TK-7',
      language,
      requesterName: REQUESTERS[language] ?? null,
      isRequesterReachable: true,
      senderVerdict: 'pass',
      ...changes,
    },
    audience: facts,
  };
}
