import type { Locator, Page } from 'playwright-core';

/** What a person does on the demo's page, in their words. Everything waits for what it needs. */
export interface Desk {
  page: Page;
  become(name: string): Promise<void>;
  openChannel(name: string): Promise<void>;
  openHome(): Promise<Locator>;
  type(text: string): Promise<void>;
  card(subject: string): Locator;
  openThread(subject: string): Promise<void>;
  inThread(text: string): Locator;
  /** The card above the open thread. */
  threadCard: Locator;
  /** What `/ticket view` tells, once it tells this status. */
  view(subject: string, status: string): Promise<string>;
  reply(text: string): Promise<void>;
  edit(message: Locator, text: string): Promise<void>;
  remove(message: Locator): Promise<void>;
  press(where: Locator, action: string): Promise<void>;
  modal: Locator;
  field(block: string): Locator;
  choose(block: string, value: string): Promise<void>;
  submit(): Promise<void>;
}

export function deskOn(page: Page): Desk {
  const byId = (id: string): Locator => page.getByTestId(id);
  const modal = byId('modal');
  const field = (block: string): Locator => modal.locator(`[data-block="${block}"]`);
  const message = (list: string, text: string): Locator => byId(list).getByTestId('message').filter({ hasText: text });
  const card = (subject: string): Locator => message('messages', subject).last();
  return {
    page,
    modal,
    field,
    card,
    async become(name) {
      await byId('person-switcher').click();
      await byId(`become-${name}`).click();
    },
    openChannel: (name) => byId(`channel-${name}`).click(),
    async openHome() {
      await byId('app-home').click();
      return byId('home');
    },
    async type(text) {
      await byId('composer').fill(text);
      await byId('composer').press('Enter');
    },
    async openThread(subject) {
      await card(subject).hover();
      await card(subject).getByTestId('reply-in-thread').click();
    },
    threadCard: byId('thread-messages').getByTestId('message').first(),
    async view(subject, status) {
      await byId('close-thread').click();
      const [number = ''] = /[A-Z]+-\d+/.exec((await card(subject).textContent()) ?? '') ?? [];
      await byId('composer').fill(`/ticket view ${number}`);
      await byId('composer').press('Enter');
      const shown = byId('ephemeral').filter({ hasText: status }).last();
      await shown.waitFor();
      const words = (await shown.textContent()) ?? '';
      await card(subject).getByTestId('open-thread').click();
      return words;
    },
    inThread: (text) => message('thread-messages', text).last(),
    async reply(text) {
      await byId('thread-composer').fill(text);
      await byId('thread-composer').press('Enter');
    },
    async edit(shown, text) {
      await shown.hover();
      await shown.getByTestId('message-menu').click();
      await byId('edit-message').click();
      await byId('edit-composer').fill(text);
      await byId('edit-composer').press('Enter');
    },
    async remove(shown) {
      await shown.hover();
      await shown.getByTestId('message-menu').click();
      await byId('delete-message').click();
      await byId('dialog-confirm').click();
    },
    press: (where, action) => where.getByTestId(`action-${action}`).click(),
    async choose(block, value) {
      await field(block).click();
      await page.locator(`[data-testid="option"][data-value="${value}"]`).click();
    },
    async submit() {
      await byId('modal-submit').click();
      await modal.waitFor({ state: 'detached' });
    },
  };
}

export interface MailFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A customer at their mailbox. */
export interface Customer {
  /** Opens the newest mail that came with these words in its row. */
  open(words: string): Promise<Locator>;
  text(): Promise<string>;
  source(): Promise<string>;
  answer(text: string, file?: MailFile): Promise<void>;
  write(mail: { subject: string; text: string }): Promise<void>;
  received(): Promise<string[]>;
  newest(words: string): Locator;
}

export function customerOn(page: Page, address: string): Customer {
  const byId = (id: string): Locator => page.getByTestId(id);
  const rows = page.locator('[data-testid="mail-row"][data-direction="in"]');
  const openBox = (): Promise<void> => byId(`box-${address}`).click();
  const send = async (text: string, file?: MailFile): Promise<void> => {
    await byId('mail-text-field').fill(text);
    if (file) await byId('mail-attach').setInputFiles(file);
    await byId('mail-send').click();
    await byId('mail-form').waitFor({ state: 'detached' });
  };
  return {
    newest: (words) => rows.filter({ hasText: words }).first(),
    async open(words) {
      await openBox();
      await rows.filter({ hasText: words }).first().click();
      return byId('letter');
    },
    async text() {
      await byId('mail-tab-text').click();
      return (await byId('mail-text').textContent()) ?? '';
    },
    async source() {
      await byId('mail-tab-source').click();
      await byId('mail-source').filter({ hasText: 'Message-ID' }).waitFor();
      return (await byId('mail-source').textContent()) ?? '';
    },
    async answer(text, file) {
      await byId('mail-reply').click();
      await send(text, file);
    },
    async write({ subject, text }) {
      await openBox();
      await byId('new-mail').click();
      await byId('mail-subject').fill(subject);
      await send(text);
    },
    async received() {
      await openBox();
      await byId('mail-list').waitFor();
      return rows.allTextContents();
    },
  };
}
