import { afterEach, expect, test } from 'vitest';
import { DAY } from '#clock.ts';
import { closeOldSolved } from '#tickets/close.ts';
import { solveTicket } from '#tickets/solve.ts';
import { beginStory, type Story } from './story.ts';

let story: Story;
afterEach(() => story.stop());

test('an answer in the thread of a closed ticket waits for a click, opens the follow-up, and its line says where it went', async () => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } });
  const { id } = await story.ticket();
  await story.say('anna', 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.');
  await story.line('Sent to');
  await solveTicket(story.desk, id, { kind: 'system' });
  story.clock.advance(5 * DAY);
  await closeOldSolved(story.desk);
  await story.pass(0);
  const before = story.answers().length;
  await story.say('anna', 'Hei Liisa! Vielä yksi asia: päivittäkää myös tulostimen ajuri, kiitos.');
  const held = await story.line('TK-1 is closed');
  expect(story.answers()).toHaveLength(before);
  await story.click('anna', held.ts, 'line.send');
  const line = await story.line('The conversation goes on in');
  expect(line.text).toContain('Sent to Liisa Virtanen');
  expect(line.text).toMatch(/goes on in .*TK-2/);
  const mail = story.sink.mails.at(-1)?.mail;
  expect(mail?.subject).toBe('Re: Tulostin ei toimi [TK-2]');
  expect(mail?.text).toContain('Vielä yksi asia');
  const cards = story.playground.readMessages('support').filter((message) => message.text.includes('TK-2'));
  expect(cards).toHaveLength(1);
  expect(story.sink.mails.filter((one) => one.mail.subject?.includes('TK-2'))).toHaveLength(1);
});
