import { expect, test } from 'vitest';
import type { JsonObject } from '../state.ts';
import { type Desk, modal, openPlayground, subjectInput } from './support/api.ts';
import { connectRaw } from './support/raw.ts';

const typing = { values: { subject: 'Printer' } };

async function withModal(more: object = {}, answer: (payload: JsonObject) => JsonObject | undefined = () => ({})) {
  const desk = await openPlayground();
  const app = await connectRaw(desk.playground, ({ payload }) => answer(payload));
  const { triggerId } = await desk.playground.shortcut({ as: 'liisa', callbackId: 'new' });
  const opened = await desk.call('views.open', { trigger_id: triggerId, view: modal(more) });
  return { ...desk, app, view: opened['view'] as JsonObject & { id: string; hash: string } };
}

async function trigger({ playground }: Desk): Promise<string> {
  return (await playground.shortcut({ as: 'liisa', callbackId: 'new' })).triggerId;
}

test('a trigger lives three seconds, works once, and must be real', async () => {
  const desk = await openPlayground();
  const id = await trigger(desk);
  expect(await desk.call('views.open', { trigger_id: id, view: modal() })).toMatchObject({ ok: true });
  expect(await desk.call('views.open', { trigger_id: id, view: modal() })).toMatchObject({ error: 'exchanged_trigger_id' });
  const late = await trigger(desk);
  desk.clock.advance(3_001);
  expect(await desk.call('views.open', { trigger_id: late, view: modal() })).toMatchObject({ error: 'expired_trigger_id' });
  expect(await desk.call('views.open', { trigger_id: 'abc', view: modal() })).toMatchObject({ error: 'invalid_trigger_id' });
});

test('a refused view does not use its trigger up', async () => {
  const desk = await openPlayground();
  const id = await trigger(desk);
  expect(await desk.call('views.open', { trigger_id: id, view: modal({ submit: undefined }) })).toMatchObject({
    error: 'invalid_arguments',
  });
  expect(await desk.call('views.open', { trigger_id: id, view: modal() })).toMatchObject({ ok: true });
});

test('three modals may stand on each other, a fourth may not', async () => {
  const desk = await withModal();
  const push = async () => desk.call('views.push', { trigger_id: await trigger(desk), view: modal() });
  expect(await push()).toMatchObject({ view: { root_view_id: desk.view.id, previous_view_id: desk.view.id } });
  expect(await push()).toMatchObject({ ok: true });
  expect(await push()).toMatchObject({ error: 'push_limit_reached' });
  expect(desk.playground.views('liisa')).toHaveLength(3);
  expect(() => desk.playground.typeInto({ as: 'liisa', viewId: desk.view.id, ...typing })).toThrow(/covered/);
});

test('pushing needs an open modal', async () => {
  const desk = await openPlayground();
  expect(await desk.call('views.push', { trigger_id: await trigger(desk), view: modal() })).toMatchObject({ error: 'not_found' });
});

test('an update with a stale hash is refused, and what was typed survives an update', async () => {
  const { call, playground, view } = await withModal();
  playground.typeInto({ as: 'liisa', ...typing });
  const changed = modal({ blocks: [{ type: 'divider' }, subjectInput] });
  expect(await call('views.update', { view_id: view.id, hash: view.hash, view: changed })).toMatchObject({
    ok: true,
    view: { id: view.id, state: { values: { subject: { subject: { value: 'Printer' } } } } },
  });
  expect(await call('views.update', { view_id: view.id, hash: view.hash, view: changed })).toMatchObject({ error: 'hash_conflict' });
  expect(await call('views.update', { view_id: 'V0GONE', view: changed })).toMatchObject({ error: 'not_found' });
});

test('an external id belongs to one open view', async () => {
  const desk = await withModal({ external_id: 'create-1' });
  expect(await desk.call('views.open', { trigger_id: await trigger(desk), view: modal({ external_id: 'create-1' }) })).toMatchObject({
    error: 'duplicate_external_id',
  });
  expect(await desk.call('views.update', { external_id: 'create-1', view: modal({ external_id: 'create-1' }) })).toMatchObject({
    ok: true,
  });
  await desk.playground.closeView({ as: 'liisa' });
  expect(await desk.call('views.open', { trigger_id: await trigger(desk), view: modal({ external_id: 'create-1' }) })).toMatchObject({
    ok: true,
  });
});

test('private metadata ends at 3000 characters and a view at 250 kB', async () => {
  const desk = await openPlayground();
  const id = await trigger(desk);
  expect(await desk.call('views.open', { trigger_id: id, view: modal({ private_metadata: 'x'.repeat(3_001) }) })).toMatchObject({
    error: 'invalid_arguments',
  });
  const big = modal({ blocks: Array.from({ length: 90 }, () => ({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(2_990) } })) });
  expect(await desk.call('views.open', { trigger_id: id, view: big })).toMatchObject({ error: 'view_too_large' });
  expect(await desk.call('views.open', { trigger_id: id, view: modal({ private_metadata: 'x'.repeat(3_000) }) })).toMatchObject({
    ok: true,
  });
});

test('an empty required field never reaches the app', async () => {
  const { playground, app } = await withModal();
  expect(await playground.submitView({ as: 'liisa' })).toMatchObject({
    isAcked: false,
    refusedBy: 'client',
    errors: { subject: expect.any(String) },
  });
  expect(app.payloads('view_submission')).toEqual([]);
});

test('a submission carries every value, empty optional ones as null', async () => {
  const note = { ...subjectInput, block_id: 'note', optional: true, element: { type: 'plain_text_input', action_id: 'note' } };
  const { playground, app } = await withModal({ blocks: [subjectInput, note], private_metadata: 'TK-1' });
  expect(await playground.submitView({ as: 'liisa', ...typing })).toMatchObject({ isAcked: true, views: [] });
  expect(app.payloads('view_submission')).toMatchObject([
    {
      view: {
        private_metadata: 'TK-1',
        state: { values: { subject: { subject: { type: 'plain_text_input', value: 'Printer' } }, note: { note: { value: null } } } },
      },
      response_urls: [],
    },
  ]);
});

test('errors stand under input blocks only', async () => {
  const good = await withModal({}, (payload) =>
    payload['type'] === 'view_submission' ? { response_action: 'errors', errors: { subject: 'No' } } : {},
  );
  expect(await good.playground.submitView({ as: 'liisa', ...typing })).toMatchObject({
    refusedBy: 'app',
    errors: { subject: 'No' },
    views: [{ errors: { subject: 'No' } }],
  });
  const bad = await withModal({}, (payload) =>
    payload['type'] === 'view_submission' ? { response_action: 'errors', errors: { title: 'No' } } : {},
  );
  expect(await bad.playground.submitView({ as: 'liisa', ...typing })).toMatchObject({ refusedBy: 'slack' });
  expect(bad.playground.problems).toMatchObject([{ kind: 'invalid_ack' }]);
});

test('an ack may put another view in place, on top, or clear all', async () => {
  const answers: JsonObject[] = [
    { response_action: 'push', view: modal({ callback_id: 'second' }) as JsonObject },
    { response_action: 'update', view: modal({ callback_id: 'third' }) as JsonObject },
    { response_action: 'clear' },
  ];
  const { playground } = await withModal({}, (payload) => (payload['type'] === 'view_submission' ? answers.shift() : {}));
  const submit = async () => (await playground.submitView({ as: 'liisa', ...typing })).views.map((view) => view.callback_id);
  expect(await submit()).toEqual(['ticket.create', 'second']);
  expect(await submit()).toEqual(['ticket.create', 'third']);
  expect(await submit()).toEqual([]);
});

test('an ack with a view Slack refuses leaves the modal as it was', async () => {
  const bad = { response_action: 'update', view: modal({ title: { type: 'plain_text', text: 'x'.repeat(25) } }) as JsonObject };
  const { playground } = await withModal({}, (payload) => (payload['type'] === 'view_submission' ? bad : {}));
  expect(await playground.submitView({ as: 'liisa', ...typing })).toMatchObject({
    refusedBy: 'slack',
    views: [{ title: { text: 'New ticket' } }],
  });
});

test('a view tells of its closing only when it asked to', async () => {
  const silent = await withModal();
  await silent.playground.closeView({ as: 'liisa' });
  expect(silent.app.payloads('view_closed')).toEqual([]);
  const telling = await withModal({ notify_on_close: true });
  await telling.playground.closeView({ as: 'liisa', all: true });
  expect(telling.app.payloads('view_closed')).toMatchObject([{ is_cleared: true, view: { id: telling.view.id, state: { values: {} } } }]);
});

test('picking in an input block is told only with dispatch_action', async () => {
  const priority = {
    type: 'input',
    block_id: 'priority',
    label: { type: 'plain_text', text: 'Priority' },
    element: {
      type: 'static_select',
      action_id: 'priority',
      options: ['low', 'high'].map((value) => ({ value, text: { type: 'plain_text', text: value } })),
    },
  };
  const quiet = await withModal({ blocks: [priority] });
  await quiet.playground.click({ as: 'liisa', actionId: 'priority', value: 'high' });
  expect(quiet.app.payloads('block_actions')).toEqual([]);
  const loud = await withModal({ blocks: [{ ...priority, dispatch_action: true }] });
  await loud.playground.click({ as: 'liisa', actionId: 'priority', value: 'high' });
  expect(loud.app.payloads('block_actions')).toMatchObject([
    {
      container: { type: 'view', view_id: loud.view.id },
      actions: [{ type: 'static_select', selected_option: { value: 'high' } }],
      view: { state: { values: { priority: { priority: { selected_option: { value: 'high' } } } } } },
    },
  ]);
  await expect(loud.playground.click({ as: 'liisa', actionId: 'priority', value: 'urgent' })).rejects.toThrow(/offers: low, high/);
});

test('an external select offers what the app answers, and takes only that', async () => {
  const requester = { ...subjectInput, block_id: 'who', element: { type: 'external_select', action_id: 'who', min_query_length: 2 } };
  const options = [{ text: { type: 'plain_text', text: 'Kalle' }, value: 'p1' }];
  const { playground, app } = await withModal({ blocks: [requester] }, (payload) =>
    payload['type'] === 'block_suggestion' ? { options } : {},
  );
  expect(await playground.options({ as: 'liisa', actionId: 'who', query: 'k' })).toEqual([]);
  expect(await playground.options({ as: 'liisa', actionId: 'who', query: 'ka' })).toEqual(options);
  expect(app.payloads('block_suggestion')).toMatchObject([{ action_id: 'who', block_id: 'who', value: 'ka' }]);
  await expect(playground.submitView({ as: 'liisa', values: { who: 'p2' } })).rejects.toThrow(/offers: p1/);
  expect(await playground.submitView({ as: 'liisa', values: { who: 'p1' } })).toMatchObject({ isAcked: true });
});

test('an app may offer 100 options, not 101', async () => {
  const requester = { ...subjectInput, block_id: 'who', element: { type: 'external_select', action_id: 'who' } };
  const options = Array.from({ length: 101 }, (_, index) => ({ text: { type: 'plain_text', text: `p${index}` }, value: `p${index}` }));
  const { playground } = await withModal({ blocks: [requester] }, (payload) => (payload['type'] === 'block_suggestion' ? { options } : {}));
  await expect(playground.options({ as: 'liisa', actionId: 'who', query: 'kal' })).rejects.toThrow(/no more than 100/);
});

test('each person has one Home, guarded by its hash', async () => {
  const { call, liisa, playground } = await openPlayground();
  const view = { type: 'home', blocks: [{ type: 'divider' }] };
  const published = (await call('views.publish', { user_id: liisa, view }))['view'] as { hash: string; id: string };
  expect(await call('views.publish', { user_id: liisa, view, hash: published.hash })).toMatchObject({ view: { id: published.id } });
  expect(await call('views.publish', { user_id: liisa, view, hash: published.hash })).toMatchObject({ error: 'hash_conflict' });
  expect(await call('views.publish', { user_id: liisa, view: modal() })).toMatchObject({ error: 'invalid_arguments' });
  expect(playground.home('liisa')).toMatchObject({ type: 'home' });
  expect(playground.home('matti')).toBeNull();
  const without = await openPlayground({ manifest: 'features:\n  app_home: { home_tab_enabled: false }\n' });
  expect(await without.call('views.publish', { user_id: without.liisa, view })).toMatchObject({ error: 'not_enabled' });
});
