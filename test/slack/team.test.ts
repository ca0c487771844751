import { eq } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { setPriority, tagTicket } from '#tickets/fields.ts';
import { note } from '#tickets/note.ts';
import { personBy } from '#tickets/people.ts';
import { plainDocument } from '#text/document.ts';
import { waitTicket } from '#tickets/wait.ts';
import { eventually } from '../support/eventually.ts';
import { beginStory, type Story } from './story.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const idOf = (name: string) => Object.values(story.playground.state.people).find((person) => person.name === name)?.id ?? '';
const roleOf = async (name: string) => (await personBy(story.desk.db, 'slack', idOf(name)))?.role;
const agent = (what: string, name: string) =>
  story.playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: `agent ${what} <@${idOf(name)}|${name}>` });

/** What Tiketti wrote to somebody in person, newest last. */
function direct(name: string) {
  const rooms = Object.values(story.playground.state.channels).filter(
    (channel) => channel.id.startsWith('D') && channel.members.includes(idOf(name)),
  );
  return rooms.flatMap((room) => story.playground.readMessages(room.id).map((message) => ({ ...message, channel: room.id })));
}

async function asks(name: string): Promise<{ ts: string; channel: string }> {
  const before = direct('anna').length;
  story.playground.openHome(name);
  await story.playground.until(() => JSON.stringify(story.playground.home(name) ?? '').includes('join.ask'));
  await story.playground.click({ as: name, viewId: 'home', actionId: 'join.ask' });
  await eventually(async () => direct('anna').length > before);
  const request = direct('anna').at(-1);
  if (!request) throw new Error('The admin was not asked.');
  return request;
}

test('adding an admin as an agent takes nothing from them', async () => {
  story = await beginStory();
  await agent('add', 'ben');
  expect(await roleOf('ben')).toBe('agent');
  await story.desk.db.transaction('promoted', (tx) =>
    tx.update(tx.tables.people).set({ role: 'admin' }).where(eq(tx.tables.people.name, 'Ben Brown')),
  );
  const answer = await agent('add', 'ben');
  expect(await roleOf('ben')).toBe('admin');
  expect(JSON.stringify(answer.payload)).toContain('on jo käsittelijä');
});

test('a request to join is accepted once; the button tells so afterwards, and an old one gives nobody a role', async () => {
  story = await beginStory();
  const request = await asks('ben');
  const accept = () =>
    story.playground.click({ as: 'anna', channel: request.channel, ts: request.ts, actionId: 'join.accept' }).catch(() => null);
  await accept();
  expect(await roleOf('ben')).toBe('agent');
  await eventually(async () =>
    direct('anna').some((message) => message.ts === request.ts && !JSON.stringify(message.blocks).includes('join.accept')),
  );
  await eventually(async () => direct('ben').length === 1);
  await agent('remove', 'ben');
  await accept();
  expect(await roleOf('ben')).toBe('none');
});

test('the form of a ticket changes what was changed in it, and nothing that others changed meanwhile', async () => {
  story = await beginStory();
  const { id } = await story.ticket();
  const anna = { kind: 'person' as const, id: (await personBy(story.desk.db, 'slack', idOf('anna')))?.id ?? 0 };
  await story.playground.click({ as: 'anna', channel: 'support', ts: story.card.ts, actionId: 'card.more', value: `fields:${id}` });
  await story.playground.until(() => story.playground.views('anna')[0]);
  await setPriority(story.desk, id, 'urgent', anna);
  await tagTicket(story.desk, id, { add: ['vip'] }, anna);
  const answer = await story.playground.submitView({ as: 'anna', values: { tags: 'tulostin' } });
  expect(answer.errors).toEqual({});
  expect(await story.ticket()).toMatchObject({ priority: 'urgent', tags: ['vip', 'tulostin'] });
});

test('a subject of blanks is told on its field', async () => {
  story = await beginStory();
  const { id } = await story.ticket();
  await story.playground.click({ as: 'anna', channel: 'support', ts: story.card.ts, actionId: 'card.more', value: `fields:${id}` });
  await story.playground.until(() => story.playground.views('anna')[0]);
  const answer = await story.playground.submitView({ as: 'anna', values: { subject: '   ' } });
  expect(Object.keys(answer.errors)).toEqual(['subject']);
});

test('a requester reads their own words and the answers, and nothing that is inside', async () => {
  story = await beginStory();
  const { playground, desk } = story;
  playground.post({ as: 'mikko', channel: 'support', text: 'Näyttöni on rikki.' });
  const said = playground.readMessages('support').find((message) => message.text.includes('Näyttöni'));
  await playground.messageShortcut({ as: 'anna', callbackId: 'ticket.make', channel: 'support', ts: said?.ts ?? '' });
  await playground.until(() => JSON.stringify(playground.views('anna')[0] ?? '').includes('subject'));
  await playground.submitView({ as: 'anna', values: { subject: 'Näyttö rikki' } });
  const number = await eventually(async () => (await desk.db.select().from(desk.db.tables.tickets)).find((one) => one.number === 2));
  const anna = await personBy(desk.db, 'slack', idOf('anna'));
  await note(desk, { ticketId: number.id, authorId: anna?.id ?? null, body: plainDocument('SALAISUUS-77: hän rikkoi sen itse') });
  await waitTicket(desk, number.id, { kind: 'person', id: anna?.id ?? 0 });
  await story.quiet();
  const view = await playground.command({ as: 'mikko', channel: 'support', command: '/ticket', text: 'view TK-2' });
  const shown = JSON.stringify(view.payload);
  expect(shown).toContain('Näyttöni on rikki.');
  expect(shown).not.toMatch(/SALAISUUS|pidossa|on_hold/);
  const mine = await playground.command({ as: 'mikko', channel: 'support', command: '/ticket', text: 'mine' });
  expect(JSON.stringify(mine.payload)).toContain('avoin');
  expect(
    JSON.stringify((await playground.command({ as: 'mikko', channel: 'support', command: '/ticket', text: 'view TK-1' })).payload),
  ).not.toContain('Tulostin');
});

test('each answer of a side conversation can be noted, not only the last', async () => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } });
  const { playground, desk } = story;
  await playground.click({
    as: 'anna',
    channel: 'support',
    ts: story.card.ts,
    actionId: 'card.more',
    value: `side:${(await story.ticket()).id}`,
  });
  await playground.until(() => playground.views('anna')[0]);
  await playground.submitView({ as: 'anna', values: { channel: 'dev', question: 'Onko palvelin alhaalla?' } });
  const question = await playground.until(() =>
    playground.readMessages('dev').find((one) => JSON.stringify(one.blocks).includes('palvelin')),
  );
  await story.quiet();
  for (const text of ['It was restarted.', 'And it is slow since.'])
    playground.post({ as: 'ben', channel: 'dev', threadTs: question.ts, text });
  const line = await playground.until(() => story.thread().find((one) => JSON.stringify(one.blocks).includes('slow since')));
  await playground.click({ as: 'anna', channel: 'support', ts: line.ts, actionId: 'side.note', blockId: 'side.2' });
  const notes = () => desk.db.select().from(desk.db.tables.comments).where(eq(desk.db.tables.comments.visibility, 'internal'));
  await eventually(async () => (await notes()).length === 1);
  expect(JSON.stringify(await notes())).toContain('restarted');
});

test('a note typed as a command calls people by their names', async () => {
  story = await beginStory();
  await typeNote('soita @ben & kysy');
  const [comment] = await story.desk.db
    .select()
    .from(story.desk.db.tables.comments)
    .where(eq(story.desk.db.tables.comments.visibility, 'internal'));
  expect(JSON.stringify(comment?.document)).toContain('Ben Brown');
  expect(JSON.stringify(comment?.document)).not.toContain('|ben');
});

const typeNote = (text: string) =>
  story.playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: `note TK-1 ${text}` });
