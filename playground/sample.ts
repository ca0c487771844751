import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Mailboxes } from './mailboxes/mailboxes.ts';
import { type Stage, answer, press, replyByMail, say, takeCall, writeMail } from './sample/acts.ts';
import { CHANNELS, CUSTOMERS, PEOPLE } from './sample/people.ts';
import { MAILS } from './sample/texts.ts';
import type { Playground } from './workspace.ts';

/** Makes the house and its customers where they are missing; answers the ids of the admins. */
export function addSamplePeople(playground: Playground, mailboxes: Mailboxes): string[] {
  const { people, channels, app } = playground.state;
  // Handles are in lower case in Slack, the app's too; it is mentioned by that.
  playground.changePerson({ person: app.botUserId, name: app.name.toLowerCase() });
  for (const person of PEOPLE) if (!Object.values(people).some(({ name }) => name === person.name)) playground.addPerson(person);
  for (const { name, members, topic } of CHANNELS) {
    if (Object.values(channels).some((channel) => channel.name === name)) continue;
    playground.addChannel({ name, members, creator: 'anna' }).topic = topic;
  }
  for (const customer of Object.values(CUSTOMERS))
    if (!mailboxes.boxes().some(({ address }) => address === customer.address)) mailboxes.addBox(customer);
  return Object.values(people)
    .filter((person) => person.isOwner)
    .map(({ id }) => id);
}

type Step = [name: string, run: (stage: Stage) => unknown];

/** A believable first morning, in the order it happens. */
const STEPS: Step[] = [
  ['roles', (stage) => giveRoles(stage)],
  ['talk', ({ playground }) => talk(playground)],
  ['call', takeCall],
  ...Object.keys(MAILS).map((name): Step => [`mail ${name}`, (stage) => writeMail(stage, name)]),
  ['take export', (stage) => press(stage, { as: 'ben', about: 'export', actionId: 'card.take' })],
  [
    'answer export',
    (stage) =>
      answer(stage, {
        as: 'ben',
        about: 'export',
        text: 'Hi Grace,\n\nthank you for the file, I can see it here too: the export leaves out the invoice that is still being edited. Could you close invoice 1044 and export once more?',
      }),
  ],
  [
    'thanks export',
    (stage) =>
      replyByMail(stage, {
        about: 'export',
        text: 'Hi Ben,\n\nthat was it, now all four are there. Could the page say so, though? I would never have guessed.',
      }),
  ],
  [
    'note export',
    (stage) => say(stage, { as: 'ben', about: 'export', text: 'note: she is right, the export should say it. I will open an issue.' }),
  ],
  [
    'answer login',
    (stage) =>
      answer(stage, {
        as: 'sofia',
        about: 'login',
        text: 'Hej Erik!\n\nTack för ditt meddelande. Vi rättade felet för en stund sedan: töm webbläsarens cache och försök igen, så kommer du in. Hör gärna av dig om det inte hjälper.',
      }),
  ],
  [
    'ask payment',
    (stage) => say(stage, { as: 'dmitri', about: 'payment', text: 'заметка: банк подтвердил сбой у них, обещают починить до обеда' }),
  ],
  ['take payment', (stage) => press(stage, { as: 'dmitri', about: 'payment', actionId: 'card.take' })],
  [
    'answer staff',
    (stage) =>
      answer(stage, {
        as: 'dmitri',
        about: 'staff',
        text: 'Здравствуйте, Иван!\n\nОткройте «Настройки», затем «Сотрудники» и «Добавить». Для кассы без отчётов выберите роль «Кассир».',
      }),
  ],
  ['solve staff', (stage) => press(stage, { as: 'dmitri', about: 'staff', actionId: 'card.solve' })],
  ['thanks staff', (stage) => replyByMail(stage, { about: 'staff', text: 'Спасибо большое!' })],
];

/** Plays what was not played before: an interrupted demo goes on where it stopped. */
export async function playSample({ file, isOver, ...stage }: Stage & { file: string; isOver: () => boolean }): Promise<void> {
  const played = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : [];
  for (const [name, run] of STEPS.filter(([name]) => !played.includes(name))) {
    try {
      await run(stage);
    } catch (error) {
      if (isOver()) return;
      console.error(`  The sample could not go on at "${name}": ${error instanceof Error ? error.message : String(error)}`);
    }
    played.push(name);
    writeFileSync(file, JSON.stringify(played));
  }
}

async function giveRoles({ playground }: Stage): Promise<void> {
  for (const name of ['ben', 'sofia', 'dmitri']) {
    await playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: `agent add @${name}` });
  }
}

function talk(playground: Playground): void {
  playground.post({
    as: 'anna',
    channel: 'general',
    text: 'Huomenta! :coffee: Tänään #support on Tikettissä: yksi kortti, yksi asiakkaan asia.',
  });
  playground.post({
    as: 'ben',
    channel: 'general',
    text: 'Good morning! So I just *write in the thread* and the customer gets it by mail?',
  });
  playground.post({ as: 'anna', channel: 'general', text: 'Yes, after a short pause. Begin with `note:` to keep it inside.' });
  playground.post({ as: 'dmitri', channel: 'dev', text: 'Сборка 4.2 ушла на сервер. @ben, посмотри, пожалуйста, экспорт.' });
  playground.post({ as: 'sofia', channel: 'billing', text: 'Fakturorna för november är skickade.' });
}
