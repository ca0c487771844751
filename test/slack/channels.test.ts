import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { OUR_ADDRESS } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';
import { directTo } from './direct.ts';
import { beginStory, type Story } from './story.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const BILLING = 'billing@pohjola.test';

const write = (to: string, subject: string) =>
  sendMail(story.mailPort ?? 0, { from: 'Matti <matti@asiakas.test>', to, subject, text: 'Hei,\n\nlaskussa on väärä summa.\n\nMatti' });
const cards = (channel: string, name: string) =>
  story.playground
    .readMessages(channel)
    .filter((message) => message.user === 'U0APPBOT' && (message.thread_ts ?? message.ts) === message.ts && message.text.includes(name));
/** What can be clicked is a card; a pointer only shows the way. */
const living = (channel: string, name: string) => cards(channel, name).filter((card) => JSON.stringify(card.blocks).includes('card.'));
const card = (channel: string, name: string) => story.playground.until(() => living(channel, name)[0]);
const jobs = async () => (await story.desk.db.select().from(story.desk.db.tables.jobs)).map((job) => `${job.kind} ${job.error ?? ''}`);

async function addBilling(): Promise<void> {
  const { playground, desk } = story;
  const channel = playground.addChannel({ name: 'billing', members: ['anna', 'bot'] });
  await desk.db.transaction('test group', async (tx) => {
    const createdAt = desk.clock.now();
    const [group] = await tx.insert(tx.tables.groups).values({ name: 'Billing', slackChannel: channel.id, createdAt }).returning();
    await tx.insert(tx.tables.addresses).values({ address: BILLING, displayName: 'Billing', groupId: group?.id ?? 0, createdAt });
  });
}

const ways = {
  archived: [
    () => story.playground.archive({ as: 'anna', channel: 'billing' }),
    () => story.playground.unarchive({ as: 'anna', channel: 'billing' }),
  ],
  left: [
    () => story.playground.kick({ as: 'anna', channel: 'billing', user: 'bot' }),
    () => story.playground.invite({ as: 'anna', channel: 'billing', user: 'bot' }),
  ],
} as const;

test.each(['archived', 'left'] as const)(
  'when a channel is %s its open tickets follow to the default channel by themselves; when it is back they come back, each as one card',
  async (how) => {
    story = await beginStory();
    const { playground } = story;
    const [lose, regain] = ways[how];
    await addBilling();
    for (const subject of ['Lasku', 'Toinen lasku']) await write(BILLING, subject);
    await card('billing', 'TK-2');
    await card('billing', 'TK-3');
    await story.pass(5);
    lose();
    await eventually(async () => directTo(playground, 'anna').some((text) => text.includes('Billing')));
    for (const seconds of [30, 31, 5]) await story.pass(seconds);
    await card('support', 'TK-2');
    await card('support', 'TK-3');
    regain();
    await playground.settled();
    for (const seconds of [5, 5, 60]) await story.pass(seconds);
    for (const name of ['TK-2', 'TK-3']) {
      expect(living('billing', name)).toHaveLength(1);
      expect(living('support', name)).toEqual([]);
      const { ts } = await card('billing', name);
      // Every other trace of it shows the way to the card.
      for (const pointer of [...cards('support', name), ...cards('billing', name).filter((one) => one.ts !== ts)])
        expect(JSON.stringify(pointer.blocks)).toContain(ts.replace('.', ''));
    }
    expect(directTo(playground, 'anna').filter((text) => text.includes('Billing'))).toHaveLength(1);
    expect(await jobs()).toEqual([]);
  },
);

test('a channel that is back within a minute was never left', async () => {
  story = await beginStory();
  await addBilling();
  await write(BILLING, 'Lasku');
  await card('billing', 'TK-2');
  await story.quiet();
  ways.left[0]();
  await story.pass(20);
  ways.left[1]();
  await story.playground.settled();
  for (const seconds of [20, 60, 60]) await story.pass(seconds);
  expect(cards('support', 'TK-2')).toEqual([]);
  expect(cards('billing', 'TK-2')).toHaveLength(1);
  expect(await jobs()).toEqual([]);
});

test('the tickets of a deleted channel follow, and an admin hears it before anybody writes', async () => {
  story = await beginStory();
  await addBilling();
  await write(BILLING, 'Lasku');
  await card('billing', 'TK-2');
  await story.quiet();
  story.playground.deleteChannel({ as: 'anna', channel: 'billing' });
  await eventually(async () => directTo(story.playground, 'anna').some((text) => text.includes('channel_not_found')));
  for (const seconds of [61, 5]) await story.pass(seconds);
  await card('support', 'TK-2');
  expect(await jobs()).toEqual([]);
});

test('answers that waited for the only channel leave as soon as it is back', async () => {
  story = await beginStory();
  const { playground } = story;
  playground.archive({ as: 'anna', channel: 'support' });
  await write(OUR_ADDRESS, 'Lasku');
  await eventually(async () => (await story.desk.db.$count(story.desk.db.tables.tickets)) === 2);
  for (const seconds of [3, 15, 90, 400]) await story.pass(seconds);
  playground.unarchive({ as: 'anna', channel: 'support' });
  await playground.settled();
  await card('support', 'TK-2');
  await story.quiet();
  expect(await jobs()).toEqual([]);
});

test('a renamed channel is the same channel: its tickets stay, and new ones come to it', async () => {
  story = await beginStory();
  story.playground.rename({ as: 'anna', channel: 'support', name: 'helpdesk' });
  await write(OUR_ADDRESS, 'Lasku');
  await card('helpdesk', 'TK-2');
  for (const seconds of [5, 60]) await story.pass(seconds);
  expect(living('helpdesk', 'TK-1')).toHaveLength(1);
  expect(directTo(story.playground, 'anna')).toEqual([]);
});
