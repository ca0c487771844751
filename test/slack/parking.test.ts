import { afterEach, expect, test } from 'vitest';
import { groupCommits } from '#jobs/commits.ts';
import { createSlackApp } from '#slack/app.ts';
import { eventually } from '../support/eventually.ts';
import { OUR_ADDRESS } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';
import { directTo } from './direct.ts';
import { beginStory, LIISA, type Story } from './story.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const ANSWER = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';
const REFUSED = 'Slack refuses SLACK_BOT_TOKEN';
const logged = (words: string) => story.lines.filter((line) => line.includes(words));
const cards = (name: string) =>
  story.playground.readMessages('support').filter((message) => message.user === 'U0APPBOT' && message.text.includes(name));
const write = (subject: string) =>
  sendMail(story.mailPort ?? 0, { from: `Liisa <${LIISA}>`, to: OUR_ADDRESS, subject, text: 'Hei,\n\nvoitteko auttaa?\n\nLiisa' });
const confirmations = () => story.sink.mails.filter((mail) => mail.to.includes(LIISA)).length;
const refusals = () =>
  story.playground.calls.filter((call) => call.error === 'account_inactive' && call.method !== 'apps.connections.open').length;

test('an app that is taken away is parked and told of once: mail goes on, nothing is hammered, a held reply stays; installed again, everything follows once', async () => {
  story = await beginStory();
  const { playground } = story;
  await story.say('anna', ANSWER);
  await story.line('Sends to Liisa');
  await story.quiet();
  playground.uninstall();
  await eventually(async () => logged(REFUSED).length === 1);
  expect((await fetch(`http://127.0.0.1:${story.webPort}/readyz`)).status).toBe(503);
  const before = confirmations();
  await write('Skanneri');
  await eventually(async () => confirmations() === before + 1);
  const asked = refusals();
  for (let minutes = 1; minutes <= 10; minutes += 1) await story.pass(60);
  expect(story.answers()).toEqual([]);
  expect(logged(REFUSED)).toHaveLength(1);
  // Asked once a minute whether it is over, and nothing else.
  expect(refusals() - asked).toBeLessThanOrEqual(11);
  expect(playground.calls.at(-1)?.method).toBe('auth.test');
  expect(logged('"level":"error"')).toEqual([expect.stringContaining(REFUSED)]);

  playground.install();
  playground.post({ as: 'anna', channel: 'support', text: 'huom: soitin asiakkaalle', threadTs: story.card.ts });
  for (const seconds of [61, 61, 7, 7]) await story.pass(seconds);
  await eventually(async () => (await fetch(`http://127.0.0.1:${story.webPort}/readyz`)).status === 200);
  await playground.until(() => cards('TK-2')[0]);
  await eventually(async () => directTo(playground, 'anna').some((text) => text.includes('Slack ei päästänyt minua sisään')));
  await eventually(async () => story.answers().length === 1);
  for (const seconds of [60, 60]) await story.pass(seconds);
  expect(cards('TK-2')).toHaveLength(1);
  expect(story.answers()).toHaveLength(1);
  expect(directTo(playground, 'anna').filter((text) => text.includes('Slack ei päästänyt'))).toHaveLength(1);
  expect(await story.desk.db.$count(story.desk.db.tables.jobs)).toBe(0);
});

test.each(['invalid_auth', 'token_revoked', 'not_authed'])(
  'a single %s that auth.test does not confirm delays one call by a moment, and is told to nobody',
  async (code) => {
    story = await beginStory();
    const { playground } = story;
    playground.faults.calls({ method: 'chat.postMessage', kind: 'error', error: code });
    await write('Skanneri');
    await eventually(async () => (await story.desk.db.$count(story.desk.db.tables.tickets)) === 2);
    for (const seconds of [2, 2]) await story.pass(seconds);
    await playground.until(() => cards('TK-2')[0]);
    expect(logged(REFUSED)).toEqual([]);
    expect(directTo(playground, 'anna')).toEqual([]);
  },
);

test('what was parked when the server stopped is told after a start with a token that works', async () => {
  story = await beginStory();
  const { desk, playground } = story;
  const since = new Date('2026-11-23T11:00:00.000Z');
  await desk.db.transaction('parked before', (tx) =>
    tx.insert(tx.tables.settings).values({ key: 'slack.parked', value: since.toISOString(), updatedAt: since }),
  );
  const again = await createSlackApp(desk, {
    botToken: playground.botToken,
    appToken: playground.appToken,
    apiUrl: playground.apiUrl,
    node: 'server',
    commits: groupCommits(desk.db),
  });
  await again.open({ commands: {}, instant: async () => false, actions: {}, options: {}, modals: {}, shortcuts: {}, events: {} });
  await eventually(async () => directTo(playground, 'anna').find((text) => text.includes(`<!date^${since.getTime() / 1_000}^`)));
  const kept = await desk.db.select({ key: desk.db.tables.settings.key }).from(desk.db.tables.settings);
  expect(kept.map(({ key }) => key)).not.toContain('slack.parked');
  await again.close();
});
