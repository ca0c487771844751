import { expect, test } from 'vitest';
import { LANGUAGES, translator } from '#i18n.ts';
import { detailsView } from '#modals/details.ts';
import type { Happened } from '#tickets/history.ts';

function tagged(data: { added: string[]; removed: string[] }): Happened {
  const event = {
    id: 1,
    ticketId: 1,
    type: 'ticket.tagged',
    data,
    actorKind: 'person',
    actorId: 1,
    at: new Date('2026-03-02T12:00:00Z'),
  } as unknown as Happened['event'];
  return { event, actor: 'Anna' };
}

test.each(LANGUAGES)('a change of tags shows only the sides on which something happened in %s', (language) => {
  const shown = (data: { added: string[]; removed: string[] }) =>
    JSON.stringify(
      detailsView({ number: 'TK-1', subject: 'Subject', history: [tagged(data)] }, translator(language)).blocks.slice(1),
    ).replace(/^.*: ([^:]*)"\}.*$/, '$1');
  expect(shown({ added: ['vip', 'two words'], removed: [] })).toBe('+vip +two words');
  expect(shown({ added: [], removed: ['old'] })).toBe('−old');
  expect(shown({ added: ['vip'], removed: ['old'] })).toBe('+vip −old');
});
