import { afterEach, expect, test } from 'vitest';
import { beginStory, type Story } from '../slack/story.ts';
import { eventually } from '../support/eventually.ts';
import { OUR_ADDRESS } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const BILLING = 'billing@pohjola.test';
const BILLING_NAME = 'Billing <!here>';
const QUESTION = 'Hei,\n\nlaskussa on väärä summa. Voitteko korjata sen tänään?\n\nTerveisin Matti';

const write = (to: string, subject = 'Lasku') =>
  sendMail(story.mailPort ?? 0, { from: 'Matti <matti@asiakas.test>', to, subject, text: QUESTION });
const cards = (channel: string, name: string) =>
  story.playground.readMessages(channel).filter((message) => message.text.includes(name) && message.user === 'U0APPBOT');
const cardIn = (channel: string, name: string) => story.playground.until(() => cards(channel, name)[0]);

/** Direct messages of ours. */
function toldTo(name: string): string[] {
  const { people, channels } = story.playground.state;
  const id = Object.values(people).find((person) => person.name === name)?.id ?? '';
  const direct = Object.values(channels).find((channel) => channel.kind === 'im' && channel.members.includes(id));
  return direct ? story.playground.readMessages(direct.id).map((message) => message.text) : [];
}

/** A second group with an address and a channel of its own. */
async function addBilling(): Promise<void> {
  const { playground, desk } = story;
  const channel = playground.addChannel({ name: 'billing', members: ['anna', 'bot'] });
  await desk.db.transaction('test group', async (tx) => {
    const createdAt = desk.clock.now();
    const [group] = await tx.insert(tx.tables.groups).values({ name: BILLING_NAME, slackChannel: channel.id, createdAt }).returning();
    await tx.insert(tx.tables.addresses).values({ address: BILLING, displayName: 'Billing', groupId: group?.id ?? 0, createdAt });
  });
}

const FAULTS = [
  { kind: 'http', status: 500 },
  { kind: 'ratelimited', retryAfterSeconds: 1 },
  { kind: 'error', error: 'internal_error' },
  { kind: 'cut' },
] as const;

test('a card that Slack answers with a fault, a pause, an error or silence is posted once, soon after', async () => {
  story = await beginStory();
  for (const [at, fault] of FAULTS.entries()) {
    const name = `TK-${at + 2}`;
    story.playground.faults.calls({ method: 'chat.postMessage', ...fault });
    await write(OUR_ADDRESS, `Lasku ${name}`);
    await eventually(async () => (await story.desk.db.$count(story.desk.db.tables.tickets)) === at + 2);
    for (const seconds of [0, 3, 20]) await story.pass(seconds);
    await cardIn('support', name);
    await story.pass(60);
    expect(cards('support', name)).toHaveLength(1);
  }
  expect(story.playground.problems).toEqual([]);
});

test.each(['archived', 'deleted', 'left'] as const)(
  'when the channel of a group is %s, its tickets go to the default channel with a word to the admin, once',
  async (how) => {
    story = await beginStory();
    const { playground } = story;
    await addBilling();
    await write(BILLING);
    await cardIn('billing', 'TK-2');
    if (how === 'archived') playground.archive({ as: 'anna', channel: 'billing' });
    if (how === 'deleted') playground.deleteChannel({ as: 'anna', channel: 'billing' });
    if (how === 'left') playground.kick({ as: 'anna', channel: 'billing', user: 'bot' });
    await story.quiet();
    await write(BILLING, 'Toinen lasku');
    const card = await cardIn('support', 'TK-3');
    await write(BILLING, 'Kolmas lasku');
    await cardIn('support', 'TK-4');
    await story.pass(5);
    await eventually(async () => toldTo('anna').some((text) => text.includes('Billing')));
    await story.pass(60);
    // A name is text: it calls nobody.
    expect(toldTo('anna').filter((text) => text.includes('Billing'))).toEqual([expect.stringContaining('Billing &lt;!here&gt;')]);
    // The conversation goes on where the card is.
    await sendMail(story.mailPort ?? 0, {
      from: 'Matti <matti@asiakas.test>',
      to: BILLING,
      subject: 'Re: Toinen lasku [TK-3]',
      text: 'Unohdin sanoa, että summan pitäisi olla sata euroa.',
    });
    await playground.until(() =>
      playground.readMessages('support', card.ts).find((message) => JSON.stringify(message).includes('sata euroa')),
    );
    // What a customer adds to a ticket whose card is out of reach brings the ticket with it.
    await sendMail(story.mailPort ?? 0, {
      from: 'Matti <matti@asiakas.test>',
      to: BILLING,
      subject: 'Re: Lasku [TK-2]',
      text: 'Lasku koskee marraskuuta.',
    });
    const moved = await cardIn('support', 'TK-2');
    await playground.until(() => JSON.stringify(playground.readMessages('support', moved.ts)).includes('marraskuuta'));
    await story.pass(60);
    expect(JSON.stringify(playground.readMessages('support', moved.ts)).split('marraskuuta').length).toBe(3);
    expect(cards('support', 'TK-2')).toHaveLength(1);
    expect(await story.desk.db.$count(story.desk.db.tables.jobs)).toBe(0);
  },
);

test('a channel that is back gets its tickets back, each with a card of its own', async () => {
  story = await beginStory();
  const { playground } = story;
  await addBilling();
  await write(BILLING);
  await cardIn('billing', 'TK-2');
  const priority = async (value: string) => {
    await playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: `priority TK-2 ${value}` });
    await story.pass(5);
  };
  playground.archive({ as: 'anna', channel: 'billing' });
  await priority('high');
  await cardIn('support', 'TK-2');
  playground.unarchive({ as: 'anna', channel: 'billing' });
  playground.invite({ as: 'anna', channel: 'billing', user: 'bot' });
  await story.pass(700);
  await priority('urgent');
  await playground.until(() => cards('billing', 'TK-2').length === 2);
  await story.pass(60);
  const [pointer] = cards('support', 'TK-2');
  const back = cards('billing', 'TK-2')[1];
  expect(JSON.stringify(pointer?.blocks)).toContain(back?.ts.replace('.', ''));
  await priority('low');
  expect(JSON.stringify(cards('billing', 'TK-2')[1]?.blocks)).toContain('low');
});

test('while the only channel is out of reach nothing is lost, and an invitation brings it all at once', async () => {
  story = await beginStory();
  const { playground } = story;
  playground.kick({ as: 'anna', channel: 'support', user: 'bot' });
  await write(OUR_ADDRESS);
  await eventually(async () => (await story.desk.db.$count(story.desk.db.tables.tickets)) === 2);
  for (const seconds of [3, 15, 90, 400, 1_000, 5_000, 20_000]) await story.pass(seconds);
  expect(cards('support', 'TK-2')).toEqual([]);
  expect(toldTo('anna').filter((text) => text.includes('Support'))).toHaveLength(1);
  playground.invite({ as: 'anna', channel: 'support', user: 'bot' });
  await cardIn('support', 'TK-2');
  await story.quiet();
  expect(await story.desk.db.$count(story.desk.db.tables.jobs)).toBe(0);
});

test('a requester whose thread is gone is answered in a direct message', async () => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } });
  const { playground } = story;
  playground.join({ as: 'mikko', channel: 'dev' });
  const message = playground.post({ as: 'mikko', channel: 'dev', text: 'VPN ei yhdistä kotoa, mitä teen?' });
  await playground.messageShortcut({ as: 'anna', channel: 'dev', ts: message.ts, callbackId: 'ticket.make' });
  await playground.until(() => JSON.stringify(playground.views('anna')[0] ?? '').includes('VPN ei'));
  await playground.submitView({ as: 'anna', values: {} });
  const card = await cardIn('support', 'TK-2');
  await story.quiet();
  playground.archive({ as: 'anna', channel: 'dev' });
  playground.post({
    as: 'anna',
    channel: 'support',
    threadTs: card.ts,
    text: 'Hei Mikko! Kirjaudu ensin ulos ja sitten uudelleen sisään.',
  });
  await story.pass(1);
  await eventually(async () => toldTo('mikko').some((text) => text.includes('Kirjaudu')));
  await story.pass(300);
  expect(toldTo('mikko').filter((text) => text.includes('Kirjaudu'))).toHaveLength(1);
});
