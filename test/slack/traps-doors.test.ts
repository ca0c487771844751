import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { Failure } from '#failure.ts';
import type { Doors } from '#slack/doors.ts';
import { type Doorway, openDoorway } from './doorway.ts';

let doorway: Doorway;
afterEach(async () => {
  await doorway.close();
});

const open = async (doors: Partial<Doors> = {}) => (doorway = await openDoorway(doors));
const broken = async () => {
  throw new Error('A bug.');
};
const ticket = (text: string) => doorway.playground.command({ as: 'anna', channel: 'support', command: '/ticket', text });
const callsOf = (method: string) => doorway.playground.calls.filter((call) => call.method === method);
const TOO_LONG_MS = 2_500;
const INTERNAL = 'Something went wrong on our side';

const FORM = {
  type: 'modal',
  callback_id: 'test.form',
  title: { type: 'plain_text', text: 'Form' },
  submit: { type: 'plain_text', text: 'Go' },
  blocks: [
    { type: 'section', block_id: 'words', text: { type: 'mrkdwn', text: 'Fill it in' } },
    {
      type: 'input',
      block_id: 'who',
      label: { type: 'plain_text', text: 'Who' },
      element: { type: 'external_select', action_id: 'pick', min_query_length: 0 },
      optional: true,
    },
    {
      type: 'input',
      block_id: 'subject',
      label: { type: 'plain_text', text: 'Subject' },
      element: { type: 'plain_text_input', action_id: 'subject' },
      optional: true,
    },
  ],
};

test('a click runs one listener, once', async () => {
  let clicks = 0;
  await open({ actions: { 'test.do': async () => void (clicks += 1), 'test.do.more': async () => void (clicks += 100) } });
  expect((await doorway.click('test.do')).isAcked).toBe(true);
  expect(clicks).toBe(1);
});

test('a click nobody answers is acknowledged and logged', async () => {
  await open();
  expect((await doorway.click('test.forgotten')).isAcked).toBe(true);
  expect(doorway.desk.log.lines.some((line) => line.fields['action'] === 'test.forgotten')).toBe(true);
});

test('whatever fails in a door is acknowledged, and the person reads a sentence', async () => {
  await open({
    commands: { '/ticket': broken },
    actions: { 'test.do': broken },
    options: { pick: broken },
    modals: { 'test.form': { id: 'test.form', submit: broken } },
    shortcuts: { 'ticket.new': { type: 'global', run: broken } },
  });
  const { playground } = doorway;
  expect((await ticket('mine')).text).toContain(INTERNAL);
  expect((await doorway.click('test.do')).isAcked).toBe(true);
  await playground.until(() => playground.ephemerals('anna').filter((one) => one.text.includes(INTERNAL)).length === 2);
  await doorway.show(FORM);
  expect(await playground.options({ as: 'anna', actionId: 'pick', query: 'a' })).toEqual([]);
  const submitted = await playground.submitView({ as: 'anna', values: { subject: 'Printer' } });
  expect(submitted.isAcked).toBe(true);
  expect(submitted).toMatchObject({ refusedBy: 'app', errors: { who: expect.stringContaining(INTERNAL) } });
  expect(JSON.stringify(submitted.views)).toContain('Printer');
  expect((await playground.shortcut({ as: 'anna', callbackId: 'ticket.new' })).isAcked).toBe(true);
  await playground.until(() => callsOf('chat.postMessage').some((call) => JSON.stringify(call.body).includes(INTERNAL)));
  expect(playground.problems).toEqual([]);
});

test('a modal that cannot be opened at once is told, not silently missing', async () => {
  await open({ instant: broken, commands: { '/ticket': async () => {} } });
  expect((await ticket('create')).text).toContain(INTERNAL);
});

test('work that takes longer than Slack waits is acknowledged in time, and answered after', async () => {
  const slowly = <T>(answer: T) => wait(TOO_LONG_MS).then(() => answer);
  const answerTo = (state: unknown) => (JSON.stringify(state).includes('Long') ? undefined : { errors: { subject: 'Too short' } });
  await open({
    commands: { '/ticket': ({ text }) => (text === 'slow' ? slowly({ text: 'Found it' }) : Promise.resolve()) },
    modals: { 'test.form': { id: 'test.form', submit: ({ state }) => slowly(answerTo(state)) } },
  });
  const { playground } = doorway;
  await doorway.show(FORM);
  const [command, submitted] = await Promise.all([ticket('slow'), playground.submitView({ as: 'anna', values: { subject: 'x' } })]);
  expect([command.isAcked, submitted.isAcked]).toEqual([true, true]);
  await playground.until(() => playground.ephemerals('anna').some((one) => one.text.includes('Found it')));
  expect(JSON.stringify(submitted.views)).toContain('Saving…');
  // The form comes back as it was sent, with what is wrong.
  const form = await playground.until(() => playground.views('anna').find((view) => JSON.stringify(view).includes('Too short')));
  expect(JSON.stringify(form.blocks)).toContain('"initial_value":"x"');
  await playground.submitView({ as: 'anna', values: { subject: 'Long enough' } });
  await playground.until(() => JSON.stringify(playground.views('anna')).includes('Saved.'));
  await doorway.show(FORM);
  await playground.submitView({ as: 'anna', values: { subject: 'x' } });
  await playground.closeView({ as: 'anna' });
  await playground.until(() => callsOf('chat.postMessage').some((call) => JSON.stringify(call.body).includes('Too short')));
  expect(playground.problems).toEqual([]);
});

test('a refusal stands on the input it is about', async () => {
  await open({
    commands: { '/ticket': async () => {} },
    modals: {
      'test.form': {
        id: 'test.form',
        fields: { 'ticket.subject_missing': 'subject' },
        submit: async () => {
          throw new Failure('ticket.subject_missing');
        },
      },
    },
  });
  await doorway.show(FORM);
  const refused = await doorway.playground.submitView({ as: 'anna', values: { subject: 'x' } });
  expect(refused.refusedBy).toBe('app');
  expect(refused.errors).toEqual({ subject: 'Give the ticket a subject.' });
  expect(doorway.playground.problems).toEqual([]);
});

test('an answer too large for a frame reaches the person all the same, and the connection stays', async () => {
  const section = { type: 'section', text: { type: 'mrkdwn', text: 'Ёлка '.repeat(580) } };
  const options = Array.from({ length: 100 }, (_, at) => ({
    text: { type: 'plain_text' as const, text: `${at} ${'ё'.repeat(70)}` },
    value: `${at}${'v'.repeat(140)}`,
  }));
  await open({
    commands: { '/ticket': async () => ({ text: 'All', blocks: [section, section, section, section] }) },
    options: { pick: async () => options },
  });
  const { playground } = doorway;
  expect((await ticket('queue')).isAcked).toBe(true);
  await playground.until(() => playground.ephemerals('anna').some((one) => one.text === 'All'));
  await doorway.show(FORM);
  const offered = await playground.options({ as: 'anna', actionId: 'pick', query: '' });
  expect(offered.length).toBeGreaterThan(40);
  expect(playground.problems).toEqual([]);
});
