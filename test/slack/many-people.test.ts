import { afterEach, expect, test } from 'vitest';
import type { Playground } from '../../playground/workspace.ts';
import { eventually } from '../support/eventually.ts';
import { beginStory, type Story } from './story.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const CROWD = 20_000;
const idOf = (name: string) => Object.values(story.playground.state.people).find((person) => person.name === name)?.id ?? '';
const callsOf = (...methods: string[]) => story.playground.calls.filter((call) => methods.includes(call.method)).length;
const rows = (table: 'slackUsers' | 'inbox') => story.desk.db.$count(story.desk.db.tables[table]);
const command = (as: string, text: string) => story.playground.command({ as, channel: 'support', command: '/ticket', text });
const crowd = (playground: Playground) => playground.addCrowd(CROWD);

test('among 20,000 people a ticket is made, assigned and talked about, and only those who take part are looked up', async () => {
  story = await beginStory({ furnish: crowd });
  const { playground } = story;
  expect(callsOf('users.list')).toBeLessThanOrEqual(5);
  expect((await command('anna', 'agent add <@' + idOf('crowd15000') + '|crowd15000>')).isAcked).toBe(true);
  await command('anna', `assign TK-1 <@${idOf('crowd15000')}|crowd15000>`);
  await eventually(async () => (await story.ticket()).assigneeId);
  playground.join({ as: 'crowd19999', channel: 'support' });
  await command('crowd19999', 'create Tulostin on rikki');
  await playground.until(() => playground.views('crowd19999')[0]);
  await story.say('anna', `<@${idOf('crowd17')}> osaatko sanoa tähän jotain?`);
  await eventually(async () => JSON.stringify(await story.desk.db.select().from(story.desk.db.tables.comments)).includes('osaatko'));
  await story.quiet();
  // The owner who became admin, the two of the commands, the one who was mentioned.
  expect(await rows('slackUsers')).toBeLessThanOrEqual(5);
  expect(callsOf('users.info')).toBeLessThanOrEqual(5);
  expect(callsOf('conversations.list', 'conversations.members')).toBe(0);
});

test('changes of people nobody here knows leave no trace; those of people here count at once', async () => {
  story = await beginStory({ furnish: crowd });
  const { playground } = story;
  await command('anna', 'help');
  const before = await rows('inbox');
  for (let number = 1; number <= 50; number += 1) playground.changePerson({ person: `crowd${number}`, displayName: `Busy ${number}` });
  await playground.settled();
  expect(await rows('inbox')).toBe(before);
  expect(JSON.stringify((await command('anna', 'help')).payload)).toContain('tiketti');
  playground.changePerson({ person: 'anna', locale: 'ru-RU', tz: 'Asia/Tokyo' });
  await playground.settled();
  await story.quiet();
  expect(JSON.stringify((await command('anna', 'help')).payload)).toContain('заяв');
  const users = await story.desk.db.select().from(story.desk.db.tables.slackUsers);
  expect(users.find((user) => user.id === idOf('anna'))).toMatchObject({ locale: 'ru-RU', timeZone: 'Asia/Tokyo' });
});

test('who is deactivated can do nothing from then on', async () => {
  story = await beginStory();
  await command('ben', 'help');
  story.playground.changePerson({ person: 'ben', isDeleted: true });
  await story.playground.settled();
  await story.quiet();
  expect(JSON.stringify((await command('ben', 'create x')).payload ?? {})).not.toContain('TK-');
  expect(JSON.stringify(story.playground.views('ben'))).not.toContain('create.requester');
});

test('another node’s news of a person count here within a minute', async () => {
  story = await beginStory();
  const { desk } = story;
  await command('anna', 'help');
  await desk.db.transaction('another node', (tx) => tx.update(tx.tables.slackUsers).set({ locale: 'sv-SE' }));
  story.clock.advance(61_000);
  expect(JSON.stringify((await command('anna', 'help')).payload)).toContain('ärende');
});
