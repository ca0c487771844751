import type { App } from '@slack/bolt';
import { expect, test } from 'vitest';
import { startPlayground } from '../workspace.ts';
import { connectBolt } from './support/bolt.ts';

const SHORTEST_SUBJECT = 3;

function prepare(app: App): void {
  app.command('/ticket', async ({ ack, client, body }) => {
    await ack('Opening…');
    await client.views.open({ trigger_id: body.trigger_id, view: createView(body.channel_id) });
  });
  app.view('ticket.create', async ({ ack, client, view }) => {
    const subject = view.state.values['subject']?.['subject']?.value ?? '';
    if (subject.length < SHORTEST_SUBJECT) return ack({ response_action: 'errors', errors: { subject: 'Too short' } });
    await ack();
    await client.apiCall('chat.postMessage', { channel: view.private_metadata, text: subject, blocks: [takeButton] });
  });
  app.action('take', async ({ ack, client, body, respond }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.message || !body.channel) return;
    await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: 'Taken', blocks: [] });
    await respond({ text: 'Yours now', response_type: 'ephemeral', replace_original: false });
  });
}

const takeButton = {
  type: 'actions' as const,
  block_id: 'do',
  elements: [{ type: 'button' as const, action_id: 'take', text: { type: 'plain_text' as const, text: 'Take' } }],
};

function createView(channel: string) {
  return {
    type: 'modal' as const,
    callback_id: 'ticket.create',
    private_metadata: channel,
    title: { type: 'plain_text' as const, text: 'New ticket' },
    submit: { type: 'plain_text' as const, text: 'Create' },
    blocks: [
      {
        type: 'input' as const,
        block_id: 'subject',
        label: { type: 'plain_text' as const, text: 'Subject' },
        element: { type: 'plain_text_input' as const, action_id: 'subject' },
      },
    ],
  };
}

test('a command opens a modal, its submission posts, and a click updates the post', async () => {
  const playground = await startPlayground();
  const { id: liisa } = playground.addPerson({ name: 'liisa', realName: 'Liisa Lahti', locale: 'fi-FI' });
  const { id: channel } = playground.addChannel({ name: 'support', members: ['liisa', 'bot'] });
  const bolt = await connectBolt(playground, prepare);

  const typed = await playground.command({ as: liisa, channel, command: '/ticket', text: 'create' });
  expect(typed).toMatchObject({ isAcked: true, text: 'Opening…' });
  await playground.until(() => playground.views(liisa).length === 1);

  expect((await playground.submitView({ as: liisa, values: { subject: 'ab' } })).errors).toEqual({ subject: 'Too short' });
  expect(await playground.submitView({ as: liisa, values: { subject: 'Printer on fire' } })).toMatchObject({ isAcked: true, views: [] });
  const card = await playground.until(() => playground.readMessages(channel)[0]);
  expect(card.text).toBe('Printer on fire');

  await playground.click({ as: liisa, channel, ts: card.ts, actionId: 'take' });
  await playground.until(() => playground.readMessages(channel)[0]?.text === 'Taken');
  await playground.until(() => playground.ephemerals(liisa).some((shown) => shown.text === 'Yours now'));

  expect(playground.problems).toEqual([]);
  await bolt.stop();
  await playground.stop();
});
