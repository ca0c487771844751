import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { later } from '#clock.ts';
import { homeActions } from '#actions/home.ts';
import { homeOpened } from '#actions/home-opened.ts';
import { createWorker, type Worker } from '#jobs/worker.ts';
import { groupCommits } from '#jobs/commits.ts';
import { homeModals } from '#modals/home.ts';
import { allRules, saveRule } from '#rules/edit.ts';
import { readTrigger } from '#rules/rule.ts';
import { createSlackApp, type SlackApp } from '#slack/app.ts';
import type { Doors } from '#slack/doors.ts';
import { eventJob } from '#slack/inbox.ts';
import { homeJob, homeWish } from '#slack/jobs/home.ts';
import { tellJob } from '#slack/tell.ts';
import { type Desk, queue } from '#tickets/desk.ts';
import { personBy } from '#tickets/people.ts';
import { settableClock, startPlayground, type Playground } from '../../playground/workspace.ts';
import { freshSqlite } from '../support/databases.ts';
import { addCustomer, addPerson, addTicket, openDesk } from './home.desk.ts';

const clock = settableClock();
let playground: Playground;
let desk: Desk;
let app: SlackApp;
let worker: Worker;
const ids: Record<string, string> = {};

beforeAll(async () => {
  playground = await startPlayground({ rateScale: 0, clock });
  for (const name of ['anna', 'ben', 'mikko'])
    ids[name] = playground.addPerson({ name, realName: name, locale: name === 'mikko' ? 'fi-FI' : 'en-US' }).id;
  ids['guest'] = playground.addPerson({ name: 'guest', realName: 'Guest', isGuest: true }).id;
  desk = { ...(await openDesk(await freshSqlite())), clock, wake: () => worker?.wake() };
  for (const name of ['anna', 'ben']) await addPerson(desk, name, 'admin', ids[name] ?? '');
  app = await createSlackApp(desk, { ...playground, node: 'server', commits: groupCommits(desk.db) });
  const modals = Object.fromEntries(homeModals.map((modal) => [modal.id, modal]));
  const doors: Doors = {
    commands: {},
    instant: async () => false,
    actions: homeActions,
    options: {},
    modals,
    shortcuts: {},
    events: { app_home_opened: homeOpened },
  };
  worker = createWorker(desk, [eventJob(app.slack, doors), homeJob(app.slack), tellJob(app.slack)], 'test', (desk, db) => ({
    ...desk,
    db,
  }));
  await worker.start();
  await app.open(doors);
  await playground.until(() => playground.sockets.count() === 2);
});

afterAll(async () => {
  await app.close();
  await worker.stop();
  await desk.db.close();
  await playground.stop();
});

const blocksOf = (name: string) => JSON.stringify(playground.home(name)?.['blocks'] ?? []);
const showing = (name: string, words: string) => playground.until(() => blocksOf(name).includes(words));
const click = (as: string, actionId: string, more: { blockId?: string; value?: string } = {}) =>
  playground.click({ as, viewId: 'home', actionId, ...more });

async function openAt(name: string, tab: 'work' | 'rules' | 'people'): Promise<void> {
  playground.openHome(name);
  await showing(name, 'home.tab:work');
  await click(name, `home.tab:${tab}`);
}

async function ruleNamed(builtin: string) {
  const row = (await allRules(desk.db)).find((rule) => rule.builtin === builtin);
  if (!row) throw new Error(`There is no rule ${builtin}.`);
  return row;
}

/** The block of one person in somebody's list of people. */
function roleBlock(name: string, of: string): string | undefined {
  const blocks = (playground.home(name)?.['blocks'] ?? []) as { block_id?: string }[];
  return blocks.find((block) => JSON.stringify(block).includes(`*${of}*`))?.block_id;
}

/** What was shown a moment ago may be shown anew. */
function waitAMoment(): void {
  clock.advance(3_000);
  worker.wake();
}

const place = () => String(playground.home('anna')?.['private_metadata']);
const standing = (words: string) => playground.until(() => place().includes(words));

test('who did something by another node stands where they stood there, not where this one saw them last', async () => {
  await openAt('anna', 'people');
  clock.advance(60_000);
  await desk.db.transaction('other node', (tx) => queue(desk, tx, homeWish(desk, ids['anna'] ?? '', { tab: 'rules', pages: {} })));
  worker.wake();
  await standing('"tab":"rules"');
  await worker.settled();
  expect(place()).toContain('"tab":"rules"');
});

test('who went elsewhere after it stays there', async () => {
  await openAt('anna', 'people');
  clock.advance(60_000);
  const wish = homeWish(desk, ids['anna'] ?? '', { tab: 'rules', pages: {} });
  const runAt = later(clock.now(), 60_000);
  await desk.db.transaction('slow node', (tx) => queue(desk, tx, { ...wish, runAt }));
  clock.advance(10_000);
  await openAt('anna', 'work');
  await standing('"tab":"work"');
  await worker.settled();
  clock.advance(60_000);
  worker.wake();
  await worker.settled();
  expect(place()).toContain('"tab":"work"');
});

async function roleOf(name: string) {
  return (await personBy(desk.db, 'slack', ids[name] ?? ''))?.role;
}

/** What Tiketti has said to somebody in a direct message. */
function told(name: string, words = ''): boolean {
  const direct = Object.values(playground.state.channels).filter(
    (channel) => channel.id.startsWith('D') && channel.members.includes(ids[name] ?? ''),
  );
  return direct.some((channel) => playground.readMessages(channel.id).some((message) => message.text.includes(words)));
}

test('somebody without a role sees their own tickets in their language, a guest sees nothing', async () => {
  playground.openHome('mikko');
  await showing('mikko', 'Omat tikettisi');
  expect(blocksOf('mikko')).toContain('join.ask');
  playground.openHome('guest');
  await showing('guest', 'Guests');
  expect(blocksOf('guest')).not.toContain('home.create');
});

test('an admin switches a rule off and on, and reads at once that answers no longer leave', async () => {
  await openAt('anna', 'rules');
  await showing('anna', 'Reply notice');
  const reply = await ruleNamed('reply');
  await click('anna', 'rule.switch', { blockId: `rule.${reply.id}` });
  await showing('anna', 'never leaves until an admin switches it on');
  expect((await ruleNamed('reply')).isEnabled).toBe(false);
  await click('anna', 'rule.switch', { blockId: `rule.${reply.id}` });
  await playground.until(() => !blocksOf('anna').includes('never leaves until'));
  expect((await ruleNamed('reply')).isEnabled).toBe(true);
});

test('whoever switches a rule another admin changed meanwhile is told, and sees it as it is now', async () => {
  await openAt('anna', 'rules');
  await showing('anna', 'Solved notice');
  const row = await ruleNamed('solved');
  const ben = await personBy(desk.db, 'slack', ids['ben'] ?? '');
  await saveRule(desk, { ruleId: row.id, version: row.version, rule: { ...readTrigger(row), name: 'Ben was here' }, byId: ben?.id ?? 0 });
  await click('anna', 'rule.switch', { blockId: `rule.${row.id}` });
  await playground.until(() => told('anna', 'Somebody else changed this rule'));
  await showing('anna', 'Ben was here');
  expect((await ruleNamed('solved')).isEnabled).toBe(true);
});

test('an edited rule is shown as edited, on the page its editor was on', async () => {
  await openAt('anna', 'rules');
  const row = await ruleNamed('routing');
  await click('anna', 'rule.edit', { blockId: `rule.${row.id}` });
  const answer = await playground.submitView({ as: 'anna', values: { name: 'Urgent first', tags: 'hurry' } });
  expect(answer).toMatchObject({ isAcked: true, errors: {} });
  await showing('anna', 'Urgent first');
  expect(blocksOf('anna')).toContain('#hurry');
});

test('the last firings of a rule open as a list', async () => {
  await addTicket(desk, (await addCustomer(desk, 'Liisa')).id, { subject: 'Urgent: printer' });
  await openAt('anna', 'rules');
  const row = await ruleNamed('routing');
  await click('anna', 'rule.firings', { blockId: `rule.${row.id}` });
  const [view] = await playground.until(() => (playground.views('anna').length > 0 ? playground.views('anna') : null));
  expect(JSON.stringify(view)).toContain('Urgent: printer');
  await playground.closeView({ as: 'anna' });
});

test('an admin adds an agent, who is told and gets the Home of one; a guest can’t be added', async () => {
  await openAt('anna', 'people');
  const add = () => /people\.add\.[^"]+/.exec(blocksOf('anna'))?.[0] ?? '';
  await playground.until(() => add() !== '');
  await click('anna', 'person.add', { blockId: add(), value: 'mikko' });
  await showing('anna', 'mikko');
  expect(await roleOf('mikko')).toBe('agent');
  waitAMoment();
  await showing('mikko', 'Minun tikettini');
  await playground.until(() => told('mikko'));
  await click('anna', 'person.add', { blockId: add(), value: 'guest' });
  await playground.until(() => told('anna', 'Guests'));
  expect(await personBy(desk.db, 'slack', ids['guest'] ?? '')).toBeUndefined();
});

test('a role is changed from what the admin saw; when another admin was faster, they are told', async () => {
  await openAt('anna', 'people');
  await openAt('ben', 'people');
  const blockOfAnna = await playground.until(() => roleBlock('anna', 'mikko'));
  const blockOfBen = await playground.until(() => roleBlock('ben', 'mikko'));
  const mikko = await personBy(desk.db, 'slack', ids['mikko'] ?? '');
  await click('anna', 'person.role', { blockId: blockOfAnna, value: `${mikko?.id}:agent:light` });
  expect(await roleOf('mikko')).toBe('light');
  await click('ben', 'person.role', { blockId: blockOfBen, value: `${mikko?.id}:agent:admin` });
  expect(await roleOf('mikko')).toBe('light');
  await playground.until(() => told('ben'));
});

test('who lost the role of admin does nothing with the buttons they still see, and sees them no more', async () => {
  await openAt('ben', 'rules');
  const row = await ruleNamed('routing');
  const { people } = desk.db.tables;
  const ben = await personBy(desk.db, 'slack', ids['ben'] ?? '');
  await desk.db.transaction('demoted', (tx) =>
    tx
      .update(people)
      .set({ role: 'agent' })
      .where(eq(people.id, ben?.id ?? 0)),
  );
  await click('ben', 'rule.switch', { blockId: `rule.${row.id}` });
  expect((await ruleNamed('routing')).version).toBe(row.version);
  await playground.until(() => !blocksOf('ben').includes('home.tab'));
});

test('however often somebody’s Home is wished for, it is shown anew at most every three seconds', async () => {
  const published = () => playground.calls.filter((call) => call.method === 'views.publish' && call.body['user_id'] === ids['anna']).length;
  const first = published();
  playground.openHome('anna');
  await playground.until(() => published() > first);
  await worker.settled();
  const before = published();
  const wish = () => desk.db.transaction('wish', (tx) => queue(desk, tx, homeWish(desk, ids['anna'] ?? '')));
  for (let times = 0; times < 5; times += 1) await wish();
  await worker.settled();
  expect(published()).toBe(before);
  waitAMoment();
  await worker.settled();
  expect(published()).toBe(before + 1);
});

test('Slack refused nothing of all that, and waited for nothing', () => {
  expect(playground.calls.filter((call) => !call.ok)).toEqual([]);
  expect(playground.problems).toEqual([]);
});
