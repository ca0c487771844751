import { eq } from 'drizzle-orm';
import { OUR_ADDRESS, startTestHouse, type TestHouse, type TestHouseOptions } from '../support/house.ts';
import { settableClock, type SettableClock } from '../support/desk.ts';
import { sendMail } from '../support/letters.ts';

export const LIISA = 'liisa@asiakas.test';

export interface Story extends TestHouse {
  clock: SettableClock;
  /** Liisa's mail arrived, and its card is in #support. */
  card: { ts: string };
  thread(): ReturnType<TestHouse['playground']['readMessages']>;
  /** Writes in the ticket's thread. */
  say(as: string, text: string): Promise<{ ts: string }>;
  /** The newest control line, once it says this. */
  line(words: string): Promise<{ ts: string; text: string }>;
  click(as: string, ts: string, actionId: string): Promise<void>;
  /** The hold passes. */
  pass(seconds: number): Promise<void>;
  /** Mails that reached Liisa and were written by a person. */
  answers(): string[];
  ticket(): Promise<{ status: string; assigneeId: number | null; id: number }>;
}

/** One ticket by mail, in a whole house with a clock that moves only when told. */
export async function beginStory(options: TestHouseOptions = {}): Promise<Story> {
  const clock = settableClock(new Date().toISOString());
  const house = await startTestHouse({ clock, ...options, environment: { TIKETTI_HOLD_SECONDS: '15', ...options.environment } });
  const { playground, sink } = house;
  await sendMail(house.mailPort ?? 0, {
    from: `Liisa Virtanen <${LIISA}>`,
    to: OUR_ADDRESS,
    subject: 'Tulostin ei toimi',
    text: 'Hei,\n\ntulostin ei tulosta mitään aamusta lähtien. Voitteko auttaa meitä?\n\nTerveisin Liisa',
  });
  await sink.mail((mail) => mail.to.includes(LIISA));
  const card = await playground.until(() => playground.readMessages('support').find((message) => message.text.includes('TK-1')));
  await house.quiet();
  const thread = () => playground.readMessages('support', card.ts);

  return {
    ...house,
    clock,
    card,
    thread,
    say: async (as, text) => playground.post({ as, channel: 'support', text, threadTs: card.ts }),
    line: (words) =>
      playground.until(() =>
        thread()
          .toReversed()
          .find((message) => message.user === 'U0APPBOT' && message.text.includes(words)),
      ),
    async click(as, ts, actionId) {
      const outcome = await playground.click({ as, channel: 'support', ts, actionId });
      if (!outcome.isAcked) throw new Error(`The click on ${actionId} was not answered.`);
      await house.quiet();
    },
    async pass(seconds) {
      await house.quiet();
      clock.advance(seconds * 1_000);
      await house.quiet();
    },
    answers: () =>
      sink.mails.filter((mail) => mail.to.includes(LIISA) && !mail.raw.includes('Auto-Submitted')).map((mail) => mail.mail.text ?? ''),
    async ticket() {
      const { tickets } = house.desk.db.tables;
      const [ticket] = await house.desk.db.select().from(tickets).where(eq(tickets.number, 1));
      if (!ticket) throw new Error('There is no ticket.');
      return ticket;
    },
  };
}
