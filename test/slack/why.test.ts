import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { beginStory, type Story } from './story.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

/** What *Why?* shows somebody about a message in the ticket's thread. */
async function why(as: string, ts: string): Promise<string> {
  const { playground } = story;
  await playground.messageShortcut({ as, callbackId: 'ticket.why', channel: 'support', ts });
  const shown = await playground.until(() => {
    const view = JSON.stringify(playground.views(as)[0]?.blocks ?? []);
    return view.includes('Hetkinen') || view === '[]' ? null : view;
  });
  await playground.closeView({ as });
  return shown;
}

test('anyone of the team may ask why a message stayed inside', async () => {
  story = await beginStory();
  const { ts } = await story.say('anna', 'huom: hän ei maksa koskaan');
  await eventually(async () => (await story.desk.db.select().from(story.desk.db.tables.threadMessages)).length === 1);
  const shown = await why('anna', ts);
  expect(shown).toContain('sisäinen huomautus');
  expect(shown).toContain('huom:');
});

test('of an answer it tells to whom it went, what the server said, and each step with who took it', async () => {
  story = await beginStory();
  const { ts } = await story.say('anna', 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.');
  await story.line('Sends to Liisa Virtanen');
  await story.pass(16);
  const line = await story.line('Sent to Liisa Virtanen');
  for (const place of [ts, line.ts]) {
    const shown = await why('anna', place);
    expect(shown).toContain('vastaus asiakkaalle');
    expect(shown).toContain('Liisa Virtanen: postipalvelimen vastaanottama');
    expect(shown).toContain('250');
    expect(shown).toContain('Anna Aalto');
  }
});

test('of a mail it tells what became of it, of the card what the rules did, and of anything else nothing', async () => {
  story = await beginStory();
  const mail = story.thread().find((message) => message.text.includes('tulosta mitään'));
  expect(await why('anna', mail?.ts ?? '')).toContain('created');
  expect(await why('anna', story.card.ts)).toContain('Vahvistus');
  story.playground.post({ as: 'ben', channel: 'support', text: 'Lunch?' });
  const lunch = story.playground.readMessages('support').find((message) => message.text === 'Lunch?');
  expect(await why('anna', lunch?.ts ?? '')).toContain('ei ole tehnyt tälle viestille mitään');
});

test('who has no role is told nothing of what is inside', async () => {
  story = await beginStory();
  await story.playground.messageShortcut({ as: 'mikko', callbackId: 'ticket.why', channel: 'support', ts: story.card.ts });
  await story.playground.until(() => story.playground.ephemerals('mikko').length > 0);
  expect(story.playground.views('mikko')).toEqual([]);
});
