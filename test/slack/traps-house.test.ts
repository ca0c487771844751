import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { beginStory, type Story } from './story.ts';

let story: Story;
beforeAll(async () => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } });
});
afterAll(async () => {
  await story.stop();
});

const callsNow = () => story.playground.calls.filter((call) => call.method !== 'ack').length;

test('what we post and edit comes back as events, and moves us to nothing', async () => {
  const { playground, desk } = story;
  await playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'priority TK-1 high' });
  await story.pass(5);
  await playground.until(() => playground.calls.some((call) => call.method === 'chat.update' && call.ok));
  await playground.settled();
  await story.pass(5);
  const before = callsNow();
  const echoes = (await desk.db.select().from(desk.db.tables.inbox)).filter((row) => row.payload['subtype'] === 'message_changed');
  expect(echoes.length).toBeGreaterThan(0);
  expect(echoes.every((row) => row.doneAt !== null)).toBe(true);
  for (let minute = 0; minute < 3; minute += 1) await story.pass(60);
  expect(callsNow()).toBe(before);
});

test('a mention that Slack tells twice, as a message and as a mention, is obeyed once', async () => {
  const { playground, desk } = story;
  playground.faults.events({ type: 'app_mention', kind: 'duplicate' });
  await story.say('anna', '@Tiketti take');
  await eventually(async () => (await story.ticket()).assigneeId !== null);
  await playground.settled();
  await story.pass(5);
  const taken = (await desk.db.select().from(desk.db.tables.events)).filter((event) => event.type === 'ticket.assigned');
  expect(taken).toHaveLength(1);
});

test('a message that Slack tells twice, in either order with its edit, is answered once', async () => {
  const { playground, sink } = story;
  playground.faults.events({ type: 'message', kind: 'duplicate' });
  playground.faults.events({ type: 'message.message_changed', kind: 'duplicate' });
  await story.say('anna', 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.');
  await sink.mail((mail) => (mail.mail.text ?? '').includes('uudelleen'));
  await playground.settled();
  await story.pass(60);
  expect(story.answers()).toHaveLength(1);
  expect(playground.problems).toEqual([]);
});
