import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { ownSubject } from '#mail/subject-tag.ts';
import type { DeskSettings } from '#tickets/desk.ts';
import { describeDatabases } from '../support/databases.ts';
import { testDesk } from '../support/desk.ts';
import { mailrooms } from '../support/mailroom.ts';

const openMailroom = mailrooms();

describeDatabases('tags in subjects', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    const room = await openMailroom(desk);
    return { desk, room, ticket: await room.ticketOf({}) };
  }

  test.each(['[ABC-7] Re: [TK-1] Printer', 'Re: [TK-999] VS: [OLD-1] Printer', 'Fwd: [TK-1]'])(
    'whichever of them is ours finds the ticket: %s',
    async (tagged) => {
      const { room, ticket } = await scene();
      expect((await room.ticketOf({ subject: tagged, body: 'Still on fire' })).id).toBe(ticket.id);
    },
  );

  test('of several of ours the one the sender belongs to', async () => {
    const { room } = await scene();
    const svens = await room.ticketOf({ from: 'sven@asiakas.test', subject: 'Scanner' });
    const after = await room.ticketOf({ from: 'sven@asiakas.test', subject: 'Re: [TK-1] and [TK-2]', body: 'Still' });
    expect(after.id).toBe(svens.id);
  });

  test('a new ticket does not carry the prefix and the tag it was found by', async () => {
    const { room, ticket } = await scene();
    const linked = await room.ticketOf({ from: 'eve@muu.test', subject: 'Re: [TK-1] Printer', body: 'Mine too' });
    expect(linked.id).not.toBe(ticket.id);
    expect(linked.subject).toBe('Printer');
  });

  test('nor does a follow-up', async () => {
    const { desk, room, ticket } = await scene();
    const { tickets } = desk.db.tables;
    await desk.db.transaction('close', (tx) => tx.update(tickets).set({ status: 'closed' }).where(eq(tickets.id, ticket.id)));
    expect((await room.ticketOf({ subject: 'Re: [TK-1] Scanner', body: 'Now the scanner' })).subject).toBe('Scanner');
    expect((await room.ticketOf({ subject: 'Re: [TK-1]', body: 'Once more' })).subject).toBe('Printer');
  });
});

test.each([
  ['Re: [TK-4] VS: Tulostin', 'Tulostin'],
  ['[OLD-4] SV: [TK-9] Skrivare', 'Skrivare'],
  ['[ABC-4] Printer', '[ABC-4] Printer'],
  ['Re:', ''],
  ['Отв: [TK-1] Принтер', 'Принтер'],
  ['Error: no paper', 'Error: no paper'],
])('%s is called %j', (given, called) => {
  expect(ownSubject({ prefixes: ['TK', 'OLD'] } as unknown as DeskSettings, given)).toBe(called);
});
