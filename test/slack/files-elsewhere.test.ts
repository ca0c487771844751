import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { beginStory, type Story } from './story.ts';
import { taken } from './thread-events.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

test('a file from elsewhere is never fetched, and the reply waits for a person who knows', async () => {
  const visits: string[] = [];
  const elsewhere = createServer((request, response) => {
    visits.push(String(request.headers.authorization));
    response.end('x');
  });
  await new Promise<void>((done) => void elsewhere.listen(0, '127.0.0.1', done));
  const externalUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/ohje.txt`;
  story = await beginStory();
  const message = story.playground.post({
    as: 'anna',
    channel: 'support',
    threadTs: story.card.ts,
    text: 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.',
    files: [{ name: 'ohje.txt', text: 'x', externalUrl }],
  });
  await taken(story, 'message', message.ts);
  expect((await story.line('Held')).text).toContain('A file from elsewhere was not taken: ohje.txt');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
  expect(visits).toEqual([]);
  elsewhere.close();
});
