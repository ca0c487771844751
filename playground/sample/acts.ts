import type { Mailboxes } from '../mailboxes/mailboxes.ts';
import type { Playground, ShownMessage } from '../workspace.ts';
import { CUSTOMERS } from './people.ts';
import { MAILS } from './texts.ts';

/** What people of the sample do, each waiting until the desk shows it. */
export interface Stage {
  playground: Playground;
  mailboxes: Mailboxes;
}

const PATIENCE_MILLISECONDS = 20_000;
const SUPPORT = 'support';
const CALL_SUBJECT = 'Kuittitulostin tulostaa tyhjää';

export async function writeMail({ playground, mailboxes }: Stage, name: string): Promise<void> {
  const mail = MAILS[name];
  if (!mail) throw new Error(`The sample has no mail ${name}.`);
  const { from, ...about } = mail;
  const sent = await mailboxes.send({ ...about, box: CUSTOMERS[from].address, to: 'support@pohjola.example' });
  if (sent.trouble) throw new Error(sent.trouble);
  await playground.until(() => findCard(playground, mail.subject), PATIENCE_MILLISECONDS);
}

function findCard(playground: Playground, subject: string): ShownMessage | undefined {
  return playground.readMessages(SUPPORT).find((message) => message.bot_id && message.text.includes(subject));
}

export function card(playground: Playground, name: string): ShownMessage {
  const found = findCard(playground, MAILS[name]?.subject ?? name);
  if (!found) throw new Error(`There is no card of ${name}.`);
  return found;
}

export async function say({ playground }: Stage, about: { as: string; about: string; text: string }): Promise<void> {
  playground.post({ as: about.as, channel: SUPPORT, threadTs: card(playground, about.about).ts, text: about.text });
}

/** Writes in the thread and does not wait for the hold to end. */
export async function answer(stage: Stage, reply: { as: string; about: string; text: string }): Promise<void> {
  const { playground, mailboxes } = stage;
  const thread = card(playground, reply.about).ts;
  const before = mailboxes.mails().length;
  await say(stage, reply);
  const line = await playground.until(() => lineToSend(playground, thread), PATIENCE_MILLISECONDS);
  await playground.click({ as: reply.as, channel: SUPPORT, ts: line.ts, actionId: 'line.send' });
  await until(mailboxes, () => mailboxes.mails().length > before);
}

function lineToSend(playground: Playground, thread: string): ShownMessage | undefined {
  return playground.readMessages(SUPPORT, thread).findLast((message) => JSON.stringify(message.blocks ?? []).includes('"line.send"'));
}

export async function press({ playground }: Stage, about: { as: string; about: string; actionId: string }): Promise<void> {
  await playground.click({ as: about.as, channel: SUPPORT, ts: card(playground, about.about).ts, actionId: about.actionId });
}

/** The customer answers the newest mail about the matter. */
export async function replyByMail({ playground, mailboxes }: Stage, about: { about: string; text: string }): Promise<void> {
  const mail = MAILS[about.about];
  if (!mail) throw new Error(`The sample has no mail ${about.about}.`);
  const box = CUSTOMERS[mail.from].address;
  const newest = mailboxes.mails(box).find((one) => one.direction === 'in' && one.subject.includes(mail.subject));
  if (!newest) throw new Error(`${mail.from} got no mail about ${about.about}.`);
  const { replyTo } = await mailboxes.letter(newest.id);
  const thread = card(playground, about.about).ts;
  const before = playground.readMessages(SUPPORT, thread).length;
  await mailboxes.send({
    box,
    to: replyTo?.address ?? newest.from.address,
    subject: `Re: ${newest.subject}`,
    text: about.text,
    answers: newest.id,
  });
  await playground.until(() => playground.readMessages(SUPPORT, thread).length > before, PATIENCE_MILLISECONDS);
}

/** A call: the clerk fills the modal while the customer talks. */
export async function takeCall({ playground }: Stage): Promise<void> {
  const { liisa } = CUSTOMERS;
  await playground.command({ as: 'anna', channel: SUPPORT, command: '/ticket', text: `create ${liisa.phone}` });
  await playground.until(() => JSON.stringify(playground.views('anna')[0]?.blocks ?? []).includes('new_email'), PATIENCE_MILLISECONDS);
  const done = await playground.submitView({
    as: 'anna',
    values: {
      new_name: liisa.name,
      new_email: liisa.address,
      subject: CALL_SUBJECT,
      description: 'Liisa soitti: tulostin tulostaa tyhjää paperia. Rulla vaihdettu, ei auttanut. Malli TM-20.',
    },
  });
  if (Object.keys(done.errors).length > 0) throw new Error(`The call could not be saved: ${JSON.stringify(done.errors)}`);
  await playground.until(() => findCard(playground, CALL_SUBJECT), PATIENCE_MILLISECONDS);
}

function until(mailboxes: Mailboxes, isSo: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => end(() => reject(new Error('The mail did not arrive in time.'))), PATIENCE_MILLISECONDS);
    const look = (): void => (isSo() ? end(resolve) : undefined);
    const forget = mailboxes.listen(look);
    const end = (how: () => void): void => {
      clearTimeout(late);
      forget();
      how();
    };
    look();
  });
}
