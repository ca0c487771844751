import { expect, test } from 'vitest';
import { DAY, HOUR } from '#clock.ts';
import { translator } from '#i18n.ts';
import { composeMail } from '#mail/compose.ts';
import { buildBytes } from '#mail/mime.ts';
import { closeOldSolved } from '#tickets/close.ts';
import type { Addressing, OutgoingContent } from '#tickets/frozen.ts';
import { reply } from '#tickets/reply.ts';
import { solveTicket } from '#tickets/solve.ts';
import { plainDocument } from '#text/document.ts';
import PostalMime from 'postal-mime';
import { describeDatabases } from '../support/databases.ts';
import { agent, type TestDesk, testDesk } from '../support/desk.ts';
import { receive } from '../support/receive.ts';

function letter(id: string, text: string, ...headers: string[]): string {
  return [
    'From: Liisa <liisa@asiakas.test>',
    'To: support@pohjola.test',
    'Subject: The printer is broken',
    `Message-ID: <${id}>`,
    ...headers,
    '',
    text,
  ].join('\r\n');
}

/** What left, oldest first, as the customer's server gets it. */
async function sent(desk: TestDesk) {
  const { deliveries } = desk.db.tables;
  const rows = await desk.db.select().from(deliveries).orderBy(deliveries.id);
  return Promise.all(
    rows.map(async (row) => {
      const content = row.content as unknown as OutgoingContent;
      const addressing = row.addressing as unknown as Addressing;
      const bytes = await buildBytes(composeMail(content, addressing, translator(content.language)), addressing, []);
      const mail = await PostalMime.parse(bytes);
      const header = (name: string) => mail.headers.find((one) => one.key === name)?.value ?? null;
      return {
        template: row.template,
        messageId: mail.messageId ?? '',
        subject: mail.subject ?? '',
        text: mail.text ?? '',
        inReplyTo: mail.inReplyTo ?? null,
        references: (mail.references ?? '').split(/\s+/),
        automatic: header('auto-submitted'),
        precedence: header('precedence'),
      };
    }),
  );
}

describeDatabases('what we send', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    const anna = await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    const { ticketId } = await receive(desk, letter('one@asiakas.test', 'It is on fire since this morning.'));
    const say = (text: string) =>
      reply(desk, { ticketId: ticketId ?? 0, authorId: anna.id, body: plainDocument(text), sourceKey: `slack:${text}` });
    const solve = () => solveTicket(desk, ticketId ?? 0, { kind: 'person', id: anna.id });
    return { desk, say, solve, ticketId: ticketId ?? 0 };
  }

  test('the confirmation answers the mail it confirms', async () => {
    const { desk } = await scene();
    const [confirmation] = await sent(desk);
    expect(confirmation).toMatchObject({
      subject: 'Re: The printer is broken [TK-1]',
      inReplyTo: '<one@asiakas.test>',
      references: ['<one@asiakas.test>'],
      automatic: 'auto-replied',
      precedence: null,
    });
  });

  test('an answer answers their newest mail, with what was said before it in order', async () => {
    const { desk, say } = await scene();
    const [confirmation] = await sent(desk);
    await say('Use water.');
    expect((await sent(desk)).at(-1)).toMatchObject({ inReplyTo: '<one@asiakas.test>', references: ['<one@asiakas.test>'] });
    const first = (await sent(desk)).at(-1);
    await receive(desk, letter('two@asiakas.test', 'It burns on.', `In-Reply-To: ${first?.messageId}`));
    await say('Use sand.');
    expect((await sent(desk)).at(-1)).toMatchObject({
      inReplyTo: '<two@asiakas.test>',
      references: ['<one@asiakas.test>', confirmation?.messageId, first?.messageId, '<two@asiakas.test>'],
      automatic: null,
    });
  });

  test('a solved notice stands in the conversation and answers no mail', async () => {
    const { desk, solve } = await scene();
    desk.clock.advance(HOUR);
    await solve();
    expect((await sent(desk)).at(-1)).toMatchObject({
      template: 'solved',
      inReplyTo: '<one@asiakas.test>',
      automatic: 'auto-generated',
      precedence: 'bulk',
    });
  });

  test('the notice of a follow-up answers the mail that opened it', async () => {
    const { desk, solve } = await scene();
    await solve();
    const [confirmation] = await sent(desk);
    desk.clock.advance(5 * DAY);
    await closeOldSolved(desk);
    await receive(desk, letter('three@asiakas.test', 'It burns again.', `In-Reply-To: ${confirmation?.messageId}`));
    expect((await sent(desk)).at(-1)).toMatchObject({
      template: 'follow_up',
      subject: 'Re: The printer is broken [TK-2]',
      inReplyTo: '<three@asiakas.test>',
      automatic: 'auto-replied',
      precedence: null,
      text: expect.stringContaining('Your earlier request TK-1 is already closed') as string,
    });
  });
});
