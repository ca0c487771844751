import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Reader } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import { LANGUAGES, translator } from '#i18n.ts';
import { ruleModal, ruleView } from '#modals/rule.ts';
import { firingsView } from '#modals/rule-firings.ts';
import { allRules, lastFirings, saveRule } from '#rules/edit.ts';
import { readTrigger, type Trigger } from '#rules/rule.ts';
import type { Caller, Submission, Submitted } from '#slack/doors.ts';
import { groupNames } from '#slack/home/gather-admin.ts';
import { FIRST } from '#slack/home/state.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Person } from '#tickets/people.ts';
import { validateView } from '../../playground/blocks/validate.ts';
import { describeDatabases } from '../support/databases.ts';
import { addCustomer, addPerson, addTicket, openDesk } from '../slack/home.desk.ts';

const NOON = new Date('2026-03-02T12:00:00Z');

const t = translator('en');
const home = { tab: 'rules' as const, pages: { rules: 0 } };

async function ruleNamed(reader: Reader, builtin: string): Promise<Row<'rules'>> {
  const row = (await allRules(reader)).find((rule) => rule.builtin === builtin);
  if (!row) throw new Error(`There is no rule ${builtin}.`);
  return row;
}

const typed = (value: string) => ({ value: { type: 'plain_text_input', value } });
const chosen = (value: string) => ({ value: { type: 'static_select', selected_option: { value } } });
const ticked = (isTicked: boolean) => ({ value: { type: 'checkboxes', selected_options: isTicked ? [{ value: 'enabled' }] : [] } });

/** What Slack sends of the routing rule's form, with some of it changed. */
function routingState(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: typed('Routing by words'),
    enabled: ticked(true),
    'words:all:0': typed('urgent\nasap'),
    group: chosen('leave'),
    priority: chosen('high'),
    tags: { value: { type: 'plain_text_input', value: null } },
    ...changes,
  };
}

/** Opens the form of a rule as it is now; what comes back submits it. */
async function openForm(desk: Desk, person: Person, builtin: string, translate = t): Promise<(state: unknown) => Promise<Submitted>> {
  const row = await ruleNamed(desk.db, builtin);
  const view = ruleView({ row, groups: await groupNames(desk.db), home }, translate) as { private_metadata: string };
  const caller = { desk, person, user: { id: `U${person.name.toUpperCase()}` }, t: translate } as Caller;
  return (state) =>
    ruleModal.submit({ ...caller, viewId: 'V1', triggerId: '', metadata: view.private_metadata, state } satisfies Caller & Submission);
}

async function ruleNow(desk: Desk, builtin: string): Promise<Trigger & { version: number }> {
  const row = await ruleNamed(desk.db, builtin);
  return { ...readTrigger(row), version: row.version };
}

describeDatabases('the form of a rule', (subject) => {
  test('saves what was changed, keeps the rest and the version before, and shows Home again', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'admin');
    const submit = await openForm(desk, anna, 'routing');
    const before = await ruleNow(desk, 'routing');
    const changes = {
      'words:all:0': typed('urgent, asap\n  rush  hour \nasap'),
      group: chosen(String(desk.defaultGroupId)),
      priority: chosen('urgent'),
      tags: typed('#hurry, vip'),
    };
    expect(await submit(routingState(changes))).toBeUndefined();
    expect(await ruleNow(desk, 'routing')).toEqual({
      ...before,
      version: 2,
      conditions: { all: [{ fact: 'words', contain: ['urgent', 'asap', 'rush hour'] }], any: [] },
      actions: [
        { do: 'group', groupId: desk.defaultGroupId },
        { do: 'priority', priority: 'urgent' },
        { do: 'tag', tags: ['hurry', 'vip'] },
      ],
    });
    const [kept] = await subject.db.select().from(subject.db.tables.ruleVersions);
    expect(kept).toMatchObject({ version: 1, byId: anna.id, content: { conditions: before.conditions } });
    const [audited] = await subject.db.select().from(subject.db.tables.audit);
    expect(audited).toMatchObject({ action: 'rule.saved', actorId: anna.id });
    const jobs = await subject.db.select().from(subject.db.tables.jobs);
    expect(jobs.map((job) => [job.kind, job.payload])).toEqual([['slack.home', { userId: 'UANNA', metadata: JSON.stringify(home) }]]);
  });

  test('the edited rule is the one that runs', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'admin');
    await (
      await openForm(desk, anna, 'routing')
    )(routingState({ 'words:all:0': typed('printer'), priority: chosen('urgent'), tags: typed('hardware') }));
    const ticket = await addTicket(desk, (await addCustomer(desk, 'Liisa')).id, { subject: 'Printers are down' });
    const [now] = await subject.db.select().from(subject.db.tables.tickets).where(eq(subject.db.tables.tickets.id, ticket.id));
    expect(now).toMatchObject({ priority: 'urgent', tags: ['hardware'] });
  });

  test('of two admins who edit the same rule the second is told, and nothing of theirs is saved', async () => {
    const desk = await openDesk(subject.db);
    const [anna, ben] = [await addPerson(desk, 'Anna', 'admin'), await addPerson(desk, 'Ben', 'admin')];
    const [first, second] = [await openForm(desk, anna, 'routing'), await openForm(desk, ben, 'routing')];
    await first(routingState({ priority: chosen('low') }));
    await expect(second(routingState({ priority: chosen('urgent') }))).rejects.toMatchObject({ key: 'rule.changed_meanwhile' });
    expect(await ruleNow(desk, 'routing')).toMatchObject({ version: 2, actions: [{ do: 'priority', priority: 'low' }] });
  });

  test('each mistake is told on its field, in words', async () => {
    const desk = await openDesk(subject.db);
    const submit = await openForm(desk, await addPerson(desk, 'Anna', 'admin'), 'routing');
    const mistakes: [Record<string, unknown>, string, string][] = [
      [{ name: typed(' ') }, 'name', 'rules:error.name'],
      [{ name: typed('x'.repeat(81)) }, 'name', 'rules:error.name'],
      [{ 'words:all:0': typed('x') }, 'words:all:0', 'rules:error.words'],
      [{ 'words:all:0': typed(',') }, 'words:all:0', 'rules:error.words'],
      [{ tags: typed(Array.from({ length: 11 }, (_, index) => `t${index}`).join()) }, 'tags', 'rules:error.tags'],
      [{ tags: typed('x'.repeat(41)) }, 'tags', 'rules:error.tags'],
      [{ priority: chosen('leave') }, 'priority', 'rules:error.actions'],
    ];
    for (const [changes, block, key] of mistakes) expect(await submit(routingState(changes))).toEqual({ errors: { [block]: t(key) } });
    expect((await ruleNow(desk, 'routing')).version).toBe(1);
  });

  test('who is no admin when they submit is refused, though they opened it as one', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'admin');
    const submit = await openForm(desk, anna, 'routing');
    const { people } = subject.db.tables;
    await subject.db.transaction('demoted', (tx) => tx.update(people).set({ role: 'agent' }).where(eq(people.id, anna.id)));
    await expect(submit(routingState({ enabled: ticked(false) }))).rejects.toMatchObject({ key: 'role.admin_only' });
    expect(await ruleNow(desk, 'routing')).toMatchObject({ isEnabled: true, version: 1 });
  });

  test('a shipped rule keeps its translated name until another one is typed', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'admin');
    const finnish = translator('fi');
    const { name } = await ruleNow(desk, 'reply');
    const inFinnish = await openForm(desk, anna, 'reply', finnish);
    await inFinnish({ name: typed(finnish('rules:name.reply')), enabled: ticked(false) });
    expect(await ruleNow(desk, 'reply')).toMatchObject({ name, isEnabled: false, actions: [{ do: 'sendReply' }], version: 2 });
    const submit = await openForm(desk, anna, 'reply');
    await submit({ name: typed('Answers'), enabled: ticked(true) });
    expect(await ruleNow(desk, 'reply')).toMatchObject({ name: 'Answers', isEnabled: true });
  });

  test('what is sent can be changed for a rule that sends something', async () => {
    const desk = await openDesk(subject.db);
    const submit = await openForm(desk, await addPerson(desk, 'Anna', 'admin'), 'solved');
    await submit({ name: typed('Solved notice'), enabled: ticked(true), 'template:0': chosen('confirmation') });
    expect((await ruleNow(desk, 'solved')).actions).toEqual([{ do: 'notify', template: 'confirmation' }]);
  });

  test('a list of words too long to type is left as it is', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'admin');
    const row = await ruleNamed(desk.db, 'routing');
    const contain = Array.from({ length: 50 }, (_, index) => `${index}`.padStart(60, 'x'));
    const rule: Trigger = { ...readTrigger(row), conditions: { all: [{ fact: 'words', contain }], any: [] } };
    await saveRule(desk, { ruleId: row.id, version: 1, rule, byId: anna.id });
    const view = ruleView({ row: await ruleNamed(desk.db, 'routing'), groups: new Map(), home }, t);
    expect(validateView(view, 'modal')).toEqual([]);
    const { 'words:all:0': _words, ...state } = routingState();
    await (
      await openForm(desk, anna, 'routing')
    )(state);
    expect((await ruleNow(desk, 'routing')).conditions).toEqual(rule.conditions);
  });

  test('Slack takes the forms and the firings of all shipped rules in every language', async () => {
    const desk = await openDesk(subject.db);
    await addTicket(desk, (await addCustomer(desk, 'Liisa')).id, { subject: `Urgent <!channel> ${'&'.repeat(200)}` });
    for (const row of await allRules(desk.db)) {
      const firings = (await lastFirings(desk.db, row.id, 10)).map((firing) => ({ ...firing, ticket: 'TK-1' }));
      expect(firings).toHaveLength(row.builtin === 'routing' ? 1 : 0);
      for (const language of LANGUAGES) {
        const translate = translator(language);
        expect(validateView(ruleView({ row, groups: await groupNames(desk.db), home: FIRST }, translate), 'modal')).toEqual([]);
        expect(validateView(firingsView({ rule: row.name, firings }, translate), 'modal')).toEqual([]);
      }
    }
  });
});

test('a firing is told with its time, its ticket and what was done, and nothing of it can mention anybody', () => {
  const firing = {
    at: NOON,
    ticket: 'TK-1',
    subject: 'Urgent <!channel>',
    outcome: [{ key: 'firing.priority', params: { priority: 'high' } }],
  };
  const text = JSON.stringify(firingsView({ rule: 'Routing <@U1>', firings: [firing] }, t));
  expect(text).toContain('<!date^1772452800^');
  expect(text).toContain('TK-1 · Urgent &lt;!channel&gt;');
  expect(text).toContain('Routing &lt;@U1&gt;');
});

test('a rule that has not fired says so', () => {
  expect(JSON.stringify(firingsView({ rule: 'Routing', firings: [] }, t))).toContain(t('rules:firings.empty'));
});
