import type { Config } from '#config.ts';
import { takeTurn } from '#jobs/turn.ts';
import { shipRules } from '#rules/defaults.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { resealAll } from '#tickets/sealed.ts';
import { setUpMailbox } from '#tickets/set-up-mailbox.ts';
import { setUp } from '#tickets/set-up.ts';

/** What stands in the database before a server opens its doors. Of nodes that start together each finds what the one before it wrote. */
export function setUpDesk(desk: Desk, config: Config): Promise<void> {
  return change(desk, 'set up', async (tx, desk) => {
    await takeTurn(tx, 'set-up', desk.clock.now());
    await setUp(desk, { from: config.MAIL_FROM, language: config.TIKETTI_LOCALE });
    await setUpMailbox(desk, {
      name: config.MAIL_FROM.address,
      imap: config.MAIL_IMAP_URL,
      smtp: config.MAIL_SMTP_URL,
      trustedAuthservIds: config.MAIL_TRUSTED_SERVERS,
    });
    await shipRules(desk);
    // The secret may have been rotated since the last start.
    await resealAll(desk);
  });
}
