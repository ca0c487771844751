import { afterEach, expect, test } from 'vitest';
import { tick } from '#jobs/schedule.ts';
import { setGroup } from '#tickets/fields.ts';
import { eventually } from '../support/eventually.ts';
import { OUR_ADDRESS } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';
import { beginStory, type Story } from './story.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const ANSWER = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';

const toldIn = (name: string, words: string) =>
  Object.values(story.playground.state.channels)
    .filter((channel) => channel.kind === 'im' && channel.members.includes(idOf(name)))
    .flatMap((channel) => story.playground.readMessages(channel.id))
    .filter((message) => message.text.includes(words));
const idOf = (name: string) => Object.values(story.playground.state.people).find((person) => person.name === name)?.id ?? '';

const looks = () => story.playground.calls.filter((call) => call.method === 'conversations.history').length;

const kinds = async () => (await story.desk.db.select().from(story.desk.db.tables.threadMessages)).map((message) => message.kind);

/** Slack can't be heard for so long. */
async function deafFor(seconds: number): Promise<void> {
  const { sockets } = story.playground;
  sockets.disconnect('refresh_requested');
  await story.playground.until(() => sockets.count() === 0);
  await eventually(async () => {
    story.clock.advance(seconds * 100);
    return sockets.count() === 2;
  });
}

test('an answer whose event Slack gave up on is found after the gap, and leaves once', async () => {
  story = await beginStory();
  story.playground.faults.events({ kind: 'drop', type: 'message' });
  await story.say('anna', ANSWER);
  await story.pass(60);
  expect(await story.desk.db.$count(story.desk.db.tables.holds)).toBe(0);
  await deafFor(3);
  await eventually(async () => looks() > 0);
  for (const seconds of [7, 7]) await story.pass(seconds);
  await story.line('Sends to Liisa Virtanen');
  await story.pass(16);
  await eventually(async () => story.answers().length === 1);
  const before = looks();
  await deafFor(3);
  await eventually(async () => looks() > before);
  for (const seconds of [10, 10, 60]) await story.pass(seconds);
  expect(story.answers()).toHaveLength(1);
});

test('a look after a gap costs no more than ten calls a minute', async () => {
  story = await beginStory();
  for (let times = 0; times < 3; times += 1) await deafFor(3);
  await eventually(async () => looks() > 0);
  const [before, from] = [looks(), story.clock.now().getTime()];
  for (let times = 0; times < 3; times += 1) await deafFor(3);
  await story.quiet();
  const minutes = (story.clock.now().getTime() - from) / 60_000;
  expect(looks() - before).toBeLessThanOrEqual(1 + 10 * minutes);
});

test('a command in a thread is done once, whatever becomes of its ✅; the next message is taken', async () => {
  story = await beginStory();
  story.playground.faults.calls({ method: 'reactions.add', kind: 'error', error: 'message_not_found' });
  await story.say('anna', '@Tiketti solve');
  await eventually(async () => (await story.ticket()).status === 'solved');
  for (const seconds of [4, 4]) await story.pass(seconds);
  await story.click('anna', story.card.ts, 'card.reopen');
  await eventually(async () => (await story.ticket()).status === 'open');
  await story.say('anna', 'huom: soitetaan huomenna');
  for (const seconds of [1, 5, 30, 120, 600]) await story.pass(seconds);
  expect((await story.ticket()).status).toBe('open');
  await eventually(async () => (await kinds()).length === 2);
  expect(await kinds()).toEqual(['command', 'note']);
});

test('somebody Slack shows nothing of is nobody: what they write is a note', async () => {
  story = await beginStory();
  story.playground.faults.calls({ method: 'users.info', kind: 'error', error: 'user_not_visible', times: 20 });
  await story.say('mikko', 'Minulla on sama vika.');
  await eventually(async () => (await story.desk.db.select().from(story.desk.db.tables.threadMessages)).some((one) => one.kind === 'note'));
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});

test('a message that can not be read is told to its author after some tries, and holds up nobody for longer', async () => {
  story = await beginStory();
  const { playground } = story;
  playground.post({
    as: 'anna',
    channel: 'support',
    threadTs: story.card.ts,
    text: ANSWER,
    files: [{ name: 'kuva.png', bytes: Buffer.from('png') }],
  });
  // Its owner deleted the file at once.
  for (const id of Object.keys(playground.state.files)) delete playground.state.files[id];
  await story.say('anna', 'huom: soitetaan huomenna');
  await eventually(async () =>
    JSON.stringify(await story.desk.db.select().from(story.desk.db.tables.inbox)).includes('soitetaan huomenna'),
  );
  for (const seconds of [2, 6, 31, 121, 601, 601, 60]) await story.pass(seconds);
  await eventually(async () => toldIn('anna', 'En pystynyt lukemaan viestiäsi').length === 1);
  await eventually(async () => (await story.desk.db.select().from(story.desk.db.tables.threadMessages)).some((one) => one.kind === 'note'));
  expect(story.answers()).toEqual([]);
});

test('a control line somebody deleted stands anew when there is something to say', async () => {
  story = await beginStory();
  await story.say('anna', ANSWER);
  const line = await story.line('Sends to Liisa Virtanen');
  story.playground.deleteMessage({ as: 'anna', channel: 'support', ts: line.ts });
  await story.pass(16);
  await eventually(async () => story.answers().length === 1);
  const anew = await story.line('Sent to Liisa Virtanen');
  expect(anew.ts).not.toBe(line.ts);
});

test('an answer whose line Slack does not take is told to its author in person, once', async () => {
  story = await beginStory();
  story.playground.faults.calls({ method: 'chat.postMessage', kind: 'error', error: 'msg_blocks_too_long', times: 6 });
  await story.say('anna', ANSWER);
  for (let minute = 0; minute < 4; minute += 1) {
    await story.pass(61);
    await tick(story.desk, () => story.desk.wake());
    await story.quiet();
  }
  await eventually(async () => toldIn('anna', 'ei ole lähetetty').length === 1);
  expect(toldIn('anna', 'ei ole lähetetty')).toHaveLength(1);
});

test('what is written in the thread a ticket has left is a note, and its author is shown the way', async () => {
  story = await beginStory();
  const { playground, desk } = story;
  const channel = playground.addChannel({ name: 'billing', members: ['anna', 'bot'] });
  const group = await desk.db.transaction('group', (tx) =>
    tx.insert(tx.tables.groups).values({ name: 'Billing', slackChannel: channel.id, createdAt: desk.clock.now() }).returning(),
  );
  await setGroup(desk, (await story.ticket()).id, group[0]?.id ?? 0, { kind: 'system' });
  await playground.until(() => playground.readMessages('billing').find((message) => message.text.includes('TK-1')));
  await story.quiet();
  await story.say('anna', ANSWER);
  const hint = await playground.until(() => playground.ephemerals('anna').find((one) => one.text.includes('Tiketti on siirtynyt')));
  expect(hint.text).toContain(channel.id);
  await story.pass(300);
  expect(story.answers()).toEqual([]);
});

test('an admin hears once a day that mail waits for judgement, and makes a ticket of it in Home', async () => {
  story = await beginStory();
  const { playground, desk } = story;
  const headers = { 'List-Id': '<news.asiakas.test>', Precedence: 'list' };
  for (const subject of ['Uutiset', 'Lisää uutisia'])
    await sendMail(story.mailPort ?? 0, {
      from: 'Matti <matti@asiakas.test>',
      to: OUR_ADDRESS,
      subject,
      text: 'Voitteko auttaa?',
      headers,
    });
  await eventually(
    async () => (await desk.db.select().from(desk.db.tables.mails)).filter((mail) => mail.state === 'quarantined').length === 2,
  );
  await story.quiet();
  await eventually(async () => toldIn('anna', 'Karanteeni').length === 1);
  playground.openHome('anna');
  await playground.until(() => JSON.stringify(playground.home('anna') ?? '').includes('mail.release'));
  await playground.click({ as: 'anna', viewId: 'home', actionId: 'mail.release', blockId: 'quarantine.2' });
  await playground.until(() => playground.readMessages('support').find((message) => message.text.includes('TK-2')));
  expect(toldIn('anna', 'Karanteeni')).toHaveLength(1);
});

test('a 📨 on a note whose event was lost brings the note with it', async () => {
  story = await beginStory();
  story.playground.faults.events({ kind: 'drop', type: 'message' });
  const note = await story.say('anna', `huom: ${ANSWER}`);
  story.playground.react({ as: 'anna', channel: 'support', ts: note.ts, name: 'incoming_envelope' });
  await eventually(async () => JSON.stringify(await story.desk.db.select().from(story.desk.db.tables.inbox)).includes('reaction_added'));
  for (const seconds of [2, 3, 5, 10, 20, 40, 80, 160, 320, 640, 3, 3]) await story.pass(seconds);
  await story.line('Sends to Liisa Virtanen');
  await story.pass(16);
  await eventually(async () => story.answers().length === 1);
  expect(story.answers()[0]).toContain('Käynnistäkää');
});
