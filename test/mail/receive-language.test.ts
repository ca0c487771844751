import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { pickLanguage } from '#tickets/language.ts';
import { mustFind, type Ticket } from '#tickets/find.ts';
import { personById } from '#tickets/people.ts';
import { describeDatabases } from '../support/databases.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';
import { mailrooms } from '../support/mailroom.ts';

const openMailroom = mailrooms();
const ENGLISH = 'Hello, my printer does not work. Can you please help me?';
const FINNISH = 'Hei, tulostin ei toimi vieläkään. Voisitteko auttaa minua?';
const SWEDISH = 'Hej, skrivaren fungerar inte. Kan ni hjälpa mig i dag?';
const LONG_FINNISH = `${FINNISH}\n\n${'Laite on käynnistetty uudelleen, mutta se ei auttanut, eikä meillä ole toista tulostinta. '.repeat(3)}`;
const UNSURE = 'OK';

describeDatabases('what mails teach of languages', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    const room = await openMailroom(desk);
    const ticket = await room.ticketOf({ body: ENGLISH, headers: ['Cc: sven@asiakas.test'] });
    const write = (body: string, from?: string) =>
      room.ticketOf({
        ...(from ? { from } : {}),
        body,
        envelopeTo: [desk.tokens.replyAddress('support@pohjola.test', ticket.id)],
      });
    return { desk, room, ticket, write };
  }

  const languageOf = async (desk: TestDesk, { id }: Ticket) => (await mustFind(desk.db, id)).language;
  const personLanguage = async (desk: TestDesk, { requesterId }: Ticket) => {
    const person = await personById(desk.db, requesterId);
    return [person?.language, person?.languageSource];
  };

  test('two sure mails of the requester in a row change the language, one does not', async () => {
    const { desk, ticket, write } = await scene();
    await write(FINNISH);
    expect(await languageOf(desk, ticket)).toBe('en');
    await write(FINNISH);
    expect(await languageOf(desk, ticket)).toBe('fi');
  });

  test('a long sure mail changes it alone', async () => {
    const { desk, ticket, write } = await scene();
    await write(LONG_FINNISH);
    expect(await languageOf(desk, ticket)).toBe('fi');
  });

  test.each([
    ['in another language', SWEDISH],
    ["in the ticket's language", ENGLISH],
    ['nobody can be sure of', UNSURE],
  ])('a mail %s between the two ends the row', async (_kind, between) => {
    const { desk, ticket, write } = await scene();
    await write(FINNISH);
    await write(between);
    await write(FINNISH);
    expect(await languageOf(desk, ticket)).toBe('en');
  });

  test("a copied person's mails neither change the language nor end the row", async () => {
    const { desk, ticket, write } = await scene();
    await write(LONG_FINNISH, 'Sven <sven@asiakas.test>');
    expect(await languageOf(desk, ticket)).toBe('en');
    await write(FINNISH);
    await write(SWEDISH, 'Sven <sven@asiakas.test>');
    await write(FINNISH);
    expect(await languageOf(desk, ticket)).toBe('fi');
  });

  test('every sure mail says what its writer writes', async () => {
    const { desk, ticket, write } = await scene();
    expect(await personLanguage(desk, ticket)).toEqual(['en', 'text']);
    await write(FINNISH);
    expect(await personLanguage(desk, ticket)).toEqual(['fi', 'text']);
    await write(UNSURE);
    expect(await personLanguage(desk, ticket)).toEqual(['fi', 'text']);
  });

  test('what a person picked stands for both', async () => {
    const { desk, ticket, write } = await scene();
    await pickLanguage(desk, ticket.id, 'sv', { kind: 'system' });
    await write(LONG_FINNISH);
    expect(await languageOf(desk, ticket)).toBe('sv');
    expect(await personLanguage(desk, ticket)).toEqual(['sv', 'confirmed']);
  });

  test('nothing is learned from who claims to be us', async () => {
    const { desk, ticket, write } = await scene();
    await write(LONG_FINNISH, 'support@pohjola.test');
    expect(await languageOf(desk, ticket)).toBe('en');
    expect(await personLanguage(desk, ticket)).toEqual(['en', 'text']);
  });

  async function close(desk: TestDesk, { id }: Ticket) {
    const { tickets } = desk.db.tables;
    await desk.db.transaction('close', (tx) => tx.update(tickets).set({ status: 'closed' }).where(eq(tickets.id, id)));
  }

  test('a follow-up begins in the language of its new words', async () => {
    const { desk, ticket, write } = await scene();
    await close(desk, ticket);
    const next = await write(FINNISH);
    expect(next.id).not.toBe(ticket.id);
    expect([next.language, next.languageSource]).toEqual(['fi', 'text']);
  });

  test('a follow-up with too few words, or by somebody copied, goes on as the requester last wrote', async () => {
    const { desk, ticket, write } = await scene();
    await close(desk, ticket);
    expect((await write(UNSURE)).language).toBe('en');
    expect((await write(FINNISH, 'Sven <sven@asiakas.test>')).language).toBe('en');
  });
});
