import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '@slack/bolt';
import type { Browser, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { type Mailboxes, startMailboxes } from '../../mailboxes/mailboxes.ts';
import { createPage } from '../../page/serve.ts';
import { type Playground, startPlayground } from '../../workspace.ts';
import { connectBolt } from './bolt.ts';
import { openBrowser, openPage } from './browser.ts';

export interface PageDesk {
  playground: Playground;
  mailboxes: Mailboxes;
  support: string;
  /** The page as this person sees it. */
  as(name: string, size?: { width: number; height: number }): Promise<Page>;
  /** What went wrong in any page. */
  faults: string[];
  close(): Promise<void>;
}

/** The page on a workspace with three people, a real Bolt app and two mailboxes; nobody takes their mail. */
export async function openPageDesk(prepare: (app: App) => void): Promise<PageDesk> {
  const folder = mkdtempSync(join(tmpdir(), 'playground-page-'));
  const mailboxes = await startMailboxes({ folder, deskPort: () => 1 });
  const playground: Playground = await startPlayground({ manifest: MANIFEST, fallback: (...exchange) => page(...exchange) });
  const page = createPage({ playground: () => playground, mailboxes, manifest: MANIFEST });
  playground.addPerson({ name: 'anna', realName: 'Anna Mäkelä', locale: 'fi-FI', isOwner: true });
  playground.addPerson({ name: 'ben', realName: 'Ben Carter', locale: 'en-US', tz: 'America/New_York' });
  playground.addPerson({ name: 'gus', realName: 'Gus Guest', isGuest: true });
  const support = playground.addChannel({ name: 'support', members: ['anna', 'ben', 'bot'] }).id;
  playground.addChannel({ name: 'random', members: ['anna', 'ben', 'gus'] });
  mailboxes.addBox({ name: 'Liisa Virtanen', address: 'liisa@example.com', locale: 'fi-FI' });
  mailboxes.addBox({ name: 'Grace Miller', address: 'grace@example.com' });
  const bolt = await connectBolt(playground, prepare);
  const browser: Browser = await openBrowser();
  const faults: string[] = [];
  return {
    playground,
    mailboxes,
    support,
    faults,
    async as(name, size) {
      const opened = await openPage(browser, { url: playground.url, as: name, ...size });
      // A browser keeps few connections to one host, and each page holds one.
      onTestFinished(async () => {
        faults.push(...opened.faults);
        await opened.page.context().close();
      });
      return opened.page;
    },
    async close() {
      await browser.close();
      await bolt.stop();
      await playground.stop();
      await mailboxes.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const MANIFEST = `
display_information: { name: Desk }
features:
  bot_user: { display_name: desk }
  app_home: { home_tab_enabled: true, messages_tab_enabled: true }
  slash_commands: [{ command: /ticket, description: Tickets, usage_hint: create }]
  shortcuts:
    - { name: Make a ticket, type: message, callback_id: ticket.make, description: Make a ticket of this }
oauth_config: { scopes: { bot: [chat:write, commands, channels:history, channels:read, im:history, im:write, users:read, files:read, reactions:read] } }
settings:
  event_subscriptions: { bot_events: [message.channels, message.im, app_home_opened, reaction_added] }
  interactivity: { is_enabled: true }
  socket_mode_enabled: true
`;
