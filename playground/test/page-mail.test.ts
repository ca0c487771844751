import { createTransport } from 'nodemailer';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PageDesk, openPageDesk } from './support/page-desk.ts';

let desk: PageDesk;

beforeAll(async () => {
  desk = await openPageDesk(() => undefined);
});
afterAll(() => desk.close());

async function deliver(mail: object): Promise<void> {
  const transport = createTransport(desk.mailboxes.smtpUrl);
  await transport.sendMail({ from: 'Desk <desk@example.org>', to: 'liisa@example.com', ...mail });
  transport.close();
}

async function openNewest(page: Page): Promise<void> {
  await page.getByTestId('box-liisa@example.com').click();
  await page.getByTestId('mail-row').first().click();
}

test('mail appears by itself, unread until it is opened', async () => {
  const page = await desk.as('anna');
  await deliver({ subject: 'Your ticket', text: 'We are on it.' });
  await page.getByTestId('mail-unread-liisa@example.com').waitFor();
  await openNewest(page);
  await page.getByTestId('mail-text').getByText('We are on it.').waitFor();
  await page.getByTestId('mail-unread-liisa@example.com').waitFor({ state: 'detached' });
  expect(desk.mailboxes.boxes()[0]?.unread).toBe(0);
});

test('a mail runs nothing and fetches nothing', async () => {
  const page = await desk.as('anna');
  const refusals: (string | undefined)[] = [];
  const answered: string[] = [];
  page.on('requestfailed', (request) => refusals.push(request.failure()?.errorText));
  page.on('response', (response) => answered.push(new URL(response.url()).hostname));
  const html =
    '<h1>Hello</h1><script>parent.document.title="run"</script><img src="http://tracker.invalid/pixel.gif" onerror="parent.document.title=\'run\'"><img alt="own" src="cid:own"><meta http-equiv="refresh" content="0;url=http://tracker.invalid/">';
  await deliver({
    subject: 'With pictures',
    html,
    attachments: [{ filename: 'own.png', content: 'x', cid: 'own', contentType: 'image/png' }],
  });
  await openNewest(page);
  const frame = page.frameLocator('[data-testid="mail-frame"]');
  await frame.getByText('Hello').waitFor();
  expect(await frame.locator('img[alt="own"]').getAttribute('src')).toContain('data:image/png');
  expect(await page.title()).not.toContain('run');
  expect(refusals.filter((why) => why !== 'csp')).toEqual([]);
  expect(answered.filter((host) => host !== '127.0.0.1' && host !== '')).toEqual([]);
});

test('the source is the mail as it came', async () => {
  const page = await desk.as('anna');
  await deliver({ subject: 'As it came', text: 'Raw.', headers: { 'X-Mark': 'seen' } });
  await openNewest(page);
  await page.getByTestId('mail-tab-source').click();
  await page.getByTestId('mail-source').getByText('X-Mark: seen').waitFor();
  expect(await page.getByTestId('mail-source').textContent()).toContain('Subject: As it came');
});

test('a mail that nobody takes stays written, and says why', async () => {
  const page = await desk.as('anna');
  await page.getByTestId('box-grace@example.com').click();
  await page.getByTestId('new-mail').click();
  await page.getByTestId('mail-subject').fill('Is anybody there?');
  await page.getByTestId('mail-text-field').fill('Hello?');
  await page.getByTestId('mail-send').click();
  await page.getByTestId('toast').getByText('did not take it').waitFor();
  expect(await page.getByTestId('mail-text-field').inputValue()).toBe('Hello?');
});

test('no page had a fault but what it refused the mail', () => {
  const refused = /Blocked script execution|Content Security Policy|Refused to execute the redirect/;
  expect(desk.faults.filter((fault) => !refused.test(fault))).toEqual([]);
});
