import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openPage } from '../../playground/test/support/browser.ts';
import { type Customer, type Desk, customerOn, deskOn } from './page.ts';

const SUBJECT = 'Kassa tulostaa väärän veron';
const READY_MILLISECONDS = 60_000;
const STEP_MILLISECONDS = 45_000;
const PATIENCE_MILLISECONDS = 20_000;
/** Long enough to edit and delete by hand, short enough to wait for. */
const HOLD_SECONDS = 5;

let folder: string;
let demo: ChildProcess;
let printed = '';
let browser: Browser;
let page: Page;
let faults: string[];
let desk: Desk;
let liisa: Customer;
let grace: Customer;

/** The demo as people run it: one command, one URL, its sample played. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiketti-story-'));
  demo = spawn(process.execPath, ['playground/demo.ts'], {
    env: { ...process.env, DEMO_DATA: folder, DEMO_PORT: '0', TIKETTI_HOLD_SECONDS: String(HOLD_SECONDS) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const hear = (data: Buffer): void => void (printed += data.toString('utf8'));
  demo.stdout?.on('data', hear);
  demo.stderr?.on('data', hear);
  await until(
    () => printed.includes('The sample is in place.'),
    () => `The demo printed: ${printed}`,
  );
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? [];
  browser = await openBrowser();
  ({ page, faults } = await openPage(browser, { url, as: 'mikko' }));
  desk = deskOn(page);
  liisa = customerOn(page, 'liisa@kahvilakulma.example');
  grace = customerOn(page, 'grace@millerbooks.example');
}, READY_MILLISECONDS);

afterAll(async () => {
  await browser?.close();
  if (demo && demo.exitCode === null) {
    const gone = once(demo, 'exit');
    demo.kill('SIGINT');
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
}, READY_MILLISECONDS);

async function until(isSo: () => boolean | Promise<boolean>, explain: () => string, milliseconds = READY_MILLISECONDS): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await isSo())) {
    if (Date.now() > deadline || (demo.exitCode !== null && !printed.includes('open:'))) throw new Error(explain());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits for the element; the assertion is that it comes. */
async function expectShown(shown: Locator): Promise<void> {
  await shown.waitFor({ timeout: PATIENCE_MILLISECONDS });
  expect(await shown.count()).toBeGreaterThan(0);
}

const log = (): string => readFileSync(join(folder, 'tiketti.log'), 'utf8');
/** The list may be drawn a moment after it is asked for; by then there is a confirmation at least. */
async function mailsOfLiisa(): Promise<string[]> {
  let rows: string[] = [];
  const look = async (): Promise<boolean> => {
    rows = (await liisa.received()).filter((row) => row.includes(SUBJECT));
    return rows.length > 0;
  };
  await until(look, () => 'Liisa has no mail.');
  return rows;
}

describe('a day at the desk', { timeout: STEP_MILLISECONDS }, () => {
  test('the sample has no trouble', () => {
    expect(printed).not.toContain('could not go on');
  });

  test('on a call the number names the customer, and the saved ticket is a card', async () => {
    await desk.openChannel('support');
    await desk.type('/ticket create 040 123 4567');
    await expectShown(desk.modal.getByText('Liisa Virtanen').first());
    await desk.field('subject').fill(SUBJECT);
    await desk.field('description').fill('Liisa soittaa: kuitilla on 24 % vero, pitäisi olla 25,5 %.');
    await desk.choose('notify', 'email');
    await desk.submit();
    await expectShown(desk.card(SUBJECT));
  });

  test('the customer gets a confirmation in her own language', async () => {
    await liisa.open(SUBJECT);
    expect(await liisa.text()).toContain('Kiitos yhteydenotostasi.');
  });

  test("the customer's answer and its file appear in the card's thread", async () => {
    await liisa.answer('Hei, tässä vielä kuva kuitista.', { name: 'kuitti.txt', mimeType: 'text/plain', buffer: Buffer.from('ALV 24 %') });
    await desk.become('anna');
    await desk.openThread(SUBJECT);
    await expectShown(desk.inThread('Hei, tässä vielä kuva kuitista.'));
    await expectShown(page.getByTestId('thread-messages').getByTestId('file').filter({ hasText: 'kuitti.txt' }));
  });

  test('an answer in the thread waits, leaves, and is marked as sent', async () => {
    const words = 'Hei Liisa! Päivitin kassan verokannan, kokeile nyt uudelleen.';
    await desk.reply(words);
    await expectShown(desk.inThread('Liisa').getByTestId('action-line.send'));
    await expectShown(desk.inThread(words).getByTestId('reaction-incoming_envelope'));
    await liisa.open('Päivitin kassan verokannan');
    expect(await liisa.text()).toContain(words);
    const source = await liisa.source();
    expect(source).toMatch(/^In-Reply-To: <.+>/m);
    expect(source).toMatch(/^References: <.+>/m);
    expect(source).toMatch(/^From: .*Anna/m);
  });

  test('notes and messages to colleagues never reach the customer', async () => {
    const before = (await mailsOfLiisa()).length;
    await desk.reply('huom: sama vika oli viime viikolla Nordljusilla');
    await desk.reply('@ben voitko katsoa veropöydän päivityksen?');
    await desk.reply('Hei Liisa! Tarkistamme vielä vanhat kuitit puolestasi.');
    await expectShown(desk.inThread('Tarkistamme vielä vanhat kuitit').getByTestId('reaction-incoming_envelope'));
    const mails = await mailsOfLiisa();
    expect(mails).toHaveLength(before + 1);
    await liisa.open('Tarkistamme vielä');
    const source = await liisa.source();
    expect(source).not.toContain('Nordljus');
    expect(source).not.toContain('voitko katsoa');
    expect(await desk.inThread('viime viikolla').getByTestId('reaction-incoming_envelope').count()).toBe(0);
  });

  test('an edit during the hold is what the customer gets', async () => {
    await desk.reply('Hei Liisa! Hyvitämme sinulle 10 euroa.');
    await expectShown(desk.page.getByTestId('thread-messages').getByTestId('action-line.send'));
    await desk.edit(desk.inThread('Hyvitämme sinulle 10 euroa'), 'Hei Liisa! Hyvitämme sinulle 12 euroa.');
    await expectShown(desk.inThread('Hyvitämme sinulle 12 euroa').getByTestId('reaction-incoming_envelope'));
    await liisa.open('Hyvitämme sinulle');
    const text = await liisa.text();
    expect(text).toContain('12 euroa');
    expect(text).not.toContain('10 euroa');
  });

  test('a deleted message cancels its mail', async () => {
    const before = (await mailsOfLiisa()).length;
    await desk.reply('Hei Liisa! Tämä oli tarkoitettu toiselle.');
    await expectShown(desk.page.getByTestId('thread-messages').getByTestId('action-line.send'));
    await desk.remove(desk.inThread('Tämä oli tarkoitettu toiselle'));
    await expectShown(desk.inThread('Cancelled. Nothing was sent.'));
    expect(await mailsOfLiisa()).toHaveLength(before);
  });

  test('bare thanks leave a solved ticket solved', async () => {
    await desk.press(desk.threadCard, 'card.solve');
    await expectShown(desk.threadCard.getByText('solved'));
    await liisa.open('Hyvitämme sinulle');
    await liisa.answer('Kiitos!');
    await expectShown(desk.inThread('Kiitos!'));
    expect(await desk.view(SUBJECT, 'ratkaistu')).toContain(SUBJECT);
  });

  test('thanks with a "but" reopen it', async () => {
    await liisa.open('Hyvitämme sinulle');
    await liisa.answer('Kiitos, mutta ei toimi.');
    await expectShown(desk.inThread('mutta ei toimi'));
    expect(await desk.view(SUBJECT, 'avoin')).toContain(SUBJECT);
  });

  test('a rule edited in Home is obeyed by the next mail', async () => {
    const home = await desk.openHome();
    await desk.press(home, 'home.tab:rules');
    await home.locator('[data-block="rule.1"][data-testid="action-rule.edit"]').click();
    const words = desk.field('words:all:0');
    await words.fill(`${await words.inputValue()}, smoke`);
    await desk.choose('priority', 'urgent');
    await desk.submit();
    await expectShown(home.getByText('smoke').first());
    await grace.write({
      subject: 'Smoke from the till',
      text: 'Hello,\n\nthere is smoke coming out of the till. What should we do?\n\nGrace',
    });
    await desk.openChannel('support');
    await expectShown(desk.card('Smoke from the till').getByText('urgent'));
  });

  test('nothing went wrong on the way, neither in the page nor in the server', () => {
    expect(faults).toEqual([]);
    expect(log()).not.toContain('"level":"error"');
  });
});
