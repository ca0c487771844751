import type { App } from '@slack/bolt';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PageDesk, openPageDesk } from './support/page-desk.ts';

let desk: PageDesk;

beforeAll(async () => {
  desk = await openPageDesk(prepare);
});
afterAll(() => desk.close());

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const input = (id: string, more: object = {}) => ({
  type: 'input' as const,
  block_id: id,
  label: plain(id),
  element: { type: 'plain_text_input' as const, action_id: 'value' },
  ...more,
});

/** A small app that does what Tiketti's doors do. */
function prepare(app: App): void {
  app.command('/ticket', async ({ ack, client, body }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: createView() });
  });
  app.options('who', async ({ ack, payload }) => {
    await ack({
      options: ['Liisa', 'Lauri', 'Grace']
        .filter((name) => name.toLowerCase().startsWith(payload.value))
        .map((name) => ({ text: plain(name), value: name.toLowerCase() })),
    });
  });
  app.action('who', async ({ ack, client, body }) => {
    await ack();
    if (body.type === 'block_actions' && body.view)
      await client.views.update({
        view_id: body.view.id,
        view: createView([{ type: 'section', text: { type: 'mrkdwn', text: '*One open ticket*' } }]),
      });
  });
  app.view('create', async ({ ack, view }) => {
    const subject = view.state.values['subject']?.['value']?.value ?? '';
    await ack(subject.length < 3 ? { response_action: 'errors', errors: { subject: 'Say a little more' } } : undefined);
  });
  app.action('take', async ({ ack, client, body, respond }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.message || !body.channel) return;
    await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: 'Taken by Anna', blocks: [] });
    await respond({ text: 'Only you know', response_type: 'ephemeral', replace_original: false });
  });
  app.event('app_home_opened', async ({ client, event }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'header', text: plain('Your desk') }] } });
  });
}

function createView(more: object[] = []) {
  const who = {
    type: 'input',
    block_id: 'who',
    label: plain('Who'),
    dispatch_action: true,
    optional: true,
    element: { type: 'external_select', action_id: 'who', min_query_length: 1 },
  };
  return {
    type: 'modal' as const,
    callback_id: 'create',
    title: plain('New ticket'),
    submit: plain('Create'),
    blocks: [who, ...more, input('subject')] as never,
  };
}

const message = (page: Page, text: string): Locator => page.getByTestId('message').filter({ hasText: text }).last();

async function write(page: Page, text: string): Promise<void> {
  await page.getByTestId('composer').fill(text);
  await page.getByTestId('composer').press('Enter');
  await message(page, text.split('\n')[0] ?? text).waitFor();
}

async function openModal(page: Page): Promise<Locator> {
  await page.getByTestId('composer').fill('/ticket create');
  await page.getByTestId('composer').press('Enter');
  const modal = page.getByTestId('modal');
  await modal.waitFor();
  return modal;
}

test('what somebody writes is shown as it is and never becomes markup', async () => {
  const page = await desk.as('anna');
  const typed = '<img src=x onerror="document.title=1"> <script>document.title=2</script> & *bold*';
  await page.getByTestId('composer').fill(typed);
  await page.getByTestId('composer').press('Enter');
  const shown = message(page, 'onerror');
  await shown.waitFor();
  expect(await shown.locator('.message-body').textContent()).toBe(
    '<img src=x onerror="document.title=1"> <script>document.title=2</script> & bold',
  );
  expect(await shown.locator('img, script').count()).toBe(0);
  expect(await shown.locator('strong', { hasText: 'bold' }).count()).toBe(1);
  expect(await page.title()).toContain('playground');
});

test('a message with shift and enter keeps its lines and goes as one', async () => {
  const page = await desk.as('anna');
  const composer = page.getByTestId('composer');
  await composer.pressSequentially('first line');
  await composer.press('Shift+Enter');
  await composer.pressSequentially('second line');
  await composer.press('Enter');
  await message(page, 'second line').waitFor();
  expect(desk.playground.readMessages('support').at(-1)?.text).toBe('first line\nsecond line');
  expect(await composer.inputValue()).toBe('');
});

test('two people see each other write, react and edit without asking again', async () => {
  const [anna, ben] = [await desk.as('anna'), await desk.as('ben')];
  await write(anna, 'Who takes the printer?');
  await message(ben, 'Who takes the printer?').hover();
  await message(ben, 'Who takes the printer?').getByTestId('react-eyes').click();
  await message(anna, 'Who takes the printer?').getByTestId('reaction-eyes').waitFor();
  await anna.getByTestId('composer').press('ArrowUp');
  await anna.getByTestId('edit-composer').fill('Who takes the plotter?');
  await anna.getByTestId('edit-composer').press('Enter');
  await message(ben, 'Who takes the plotter?').getByText('(edited)').waitFor();
  expect(desk.playground.readMessages('support').at(-1)?.reactions).toEqual([{ name: 'eyes', users: [expect.any(String)], count: 1 }]);
});

test('a thread shows its answers as they come, and commands are refused in it', async () => {
  const page = await desk.as('anna');
  await write(page, 'A matter of its own');
  await message(page, 'A matter of its own').hover();
  await message(page, 'A matter of its own').getByTestId('reply-in-thread').click();
  const root = desk.playground.readMessages('support').at(-1)?.ts ?? '';
  desk.playground.post({ as: 'ben', channel: 'support', threadTs: root, text: 'An answer from elsewhere' });
  await page.getByTestId('thread-messages').getByText('An answer from elsewhere').waitFor();
  await page.getByTestId('thread-composer').fill('/ticket create');
  await page.getByTestId('thread-composer').press('Enter');
  await page.getByTestId('toast').getByText('Slack does not allow commands in threads').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('thread-pane').waitFor({ state: 'detached' });
  expect(desk.playground.views('anna')).toEqual([]);
});

test("the app's complaint stands on its field, and nothing typed is lost", async () => {
  const page = await desk.as('anna');
  const modal = await openModal(page);
  await modal.getByTestId('modal-submit').click();
  await page.getByTestId('error-subject').getByText('required').waitFor();
  await modal.locator('[data-block="subject"]').fill('ab');
  await modal.getByTestId('modal-submit').click();
  await page.getByTestId('error-subject').getByText('Say a little more').waitFor();
  expect(await modal.locator('[data-block="subject"]').inputValue()).toBe('ab');
  await modal.locator('[data-block="subject"]').fill('abc');
  await modal.locator('[data-block="subject"]').press('Enter');
  await modal.waitFor({ state: 'detached' });
});

test('a choice asked of the app changes the modal and keeps what was typed', async () => {
  const page = await desk.as('anna');
  const modal = await openModal(page);
  await modal.locator('[data-block="subject"]').fill('Printer on fire');
  await modal.getByTestId('action-who').click();
  await page.getByTestId('option-search').pressSequentially('l');
  await page.getByTestId('option').filter({ hasText: 'Lauri' }).waitFor();
  await page.keyboard.press('Enter');
  await modal.getByText('One open ticket').waitFor();
  expect(await modal.getByTestId('action-who').textContent()).toContain('Liisa');
  expect(await modal.locator('[data-block="subject"]').inputValue()).toBe('Printer on fire');
  expect(desk.playground.views('anna')[0]?.state.values['subject']?.['value']?.['value']).toBe('Printer on fire');
  await page.keyboard.press('Escape');
  await modal.waitFor({ state: 'detached' });
});

test('a button changes its message, and its answer is for the one who pressed', async () => {
  const [anna, ben] = [await desk.as('anna'), await desk.as('ben')];
  const button = { type: 'button', action_id: 'take', text: plain('Take') };
  await postAsApp({
    text: 'A card',
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: 'A card' } },
      { type: 'actions', elements: [button] },
    ],
  });
  await message(anna, 'A card').getByTestId('action-take').click();
  await message(ben, 'Taken by Anna').waitFor();
  await anna.getByTestId('ephemeral').getByText('Only you know').waitFor();
  expect(await ben.getByTestId('ephemeral').count()).toBe(0);
});

async function postAsApp(about: object): Promise<void> {
  const body = new URLSearchParams(
    Object.entries({ channel: desk.support, ...about }).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]) as [string, string][],
  );
  const answered = await fetch(`${desk.playground.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${desk.playground.botToken}` },
    body,
  });
  expect(await answered.json()).toMatchObject({ ok: true });
}

test("times are in the reader's language and zone", async () => {
  const [anna, ben] = [await desk.as('anna'), await desk.as('ben')];
  await postAsApp({ text: 'Due <!date^1763895795^{date_long} {time}|then>' });
  const due = (page: Page): Promise<string | null> => message(page, 'Due').textContent();
  await message(ben, 'Due').waitFor();
  expect(await due(anna)).toContain('sunnuntaina 23. marraskuuta 2025 13.03');
  expect(await due(ben)).toMatch(/Sunday, November 23, 2025 6:03\sAM/);
});

test('a file goes along, an image is shown, and both can be saved', async () => {
  const page = await desk.as('anna');
  const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  await page.getByTestId('attach').setInputFiles([
    { name: 'dot.png', mimeType: 'image/png', buffer: dot },
    { name: 'log.txt', mimeType: 'text/plain', buffer: Buffer.from('all well') },
  ]);
  await page.getByTestId('attached').nth(1).waitFor();
  await write(page, 'See the files');
  const shown = message(page, 'See the files');
  await shown.locator('img[alt="dot.png"]').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), shown.getByLabel('Save log.txt').click()]);
  expect(download.suggestedFilename()).toBe('log.txt');
});

test('unread marks come and go, and names and emoji are offered while typing', async () => {
  const page = await desk.as('anna');
  desk.playground.post({ as: 'ben', channel: 'random', text: 'Lunch?' });
  await page.getByTestId('unread-channel-random').waitFor();
  await page.getByTestId('channel-random').click();
  await page.getByTestId('unread-channel-random').waitFor({ state: 'detached' });
  await page.getByTestId('new-divider').waitFor();
  await page.getByTestId('composer').pressSequentially('@be');
  await page.getByRole('option', { name: 'Ben Carter' }).waitFor();
  await page.getByTestId('composer').press('Enter');
  await page.getByTestId('composer').pressSequentially('coming :tad');
  await page.getByTestId('composer').press('Tab');
  await page.getByTestId('composer').press('Enter');
  await message(page, 'coming').waitFor();
  expect(desk.playground.readMessages('random').at(-1)?.text).toMatch(/^<@U\w+> coming :tada:$/);
});

test('becoming somebody else shows their workspace', async () => {
  const page = await desk.as('anna');
  await page.getByTestId('app-home').click();
  await page.getByTestId('home').getByText('Your desk').waitFor();
  await page.getByTestId('person-switcher').click();
  await page.getByTestId('become-gus').click();
  await page.getByTestId('me').getByText('Gus Guest').waitFor();
  expect(await page.getByTestId('channel-random').count()).toBe(1);
  expect(await page.getByTestId('channel-support').count()).toBe(0);
});

test('a few letters lead anywhere', async () => {
  const page = await desk.as('anna');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('rand');
  await page.keyboard.press('Enter');
  await page.getByTestId('channel-name').getByText('# random').waitFor();
  expect(await page.getByTestId('switcher').count()).toBe(0);
});

test.each([400, 900, 1_280, 1_700])('nothing is cut off at a width of %i', async (width) => {
  const page = await desk.as('anna', { width, height: 800 });
  await message(page, 'A matter of its own').getByTestId('open-thread').first().click();
  await page.getByTestId('thread-pane').waitFor();
  const overflow = await page.evaluate(
    '[document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll(".pane, .messages")].map((one) => one.scrollWidth - one.clientWidth)]',
  );
  expect(Math.max(...(overflow as number[]))).toBeLessThanOrEqual(0);
});

test('no page had a fault', () => {
  expect(desk.faults).toEqual([]);
  expect(desk.playground.problems).toEqual([]);
});
