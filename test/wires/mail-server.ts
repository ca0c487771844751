import { ImapFlow } from 'imapflow';
import type { Desk } from '#tickets/desk.ts';
import { sealedFor } from '#tickets/mailboxes.ts';
import { eq } from 'drizzle-orm';
import type { NewRow } from '#db/schema.ts';
import { type Dovecot, MAILBOX_PASSWORD } from '../support/dovecot.ts';

/** A row for a mailbox of this server, as Home would write it. */
export async function addMailbox(
  desk: Desk,
  port: number,
  values: Partial<NewRow<'mailboxes'>> = {},
  secret = MAILBOX_PASSWORD,
): Promise<number> {
  const { mailboxes } = desk.db.tables;
  const now = desk.clock.now();
  const row: NewRow<'mailboxes'> = {
    name: values.userName ?? 'support',
    userName: 'support',
    imapHost: '127.0.0.1',
    imapPort: port,
    imapSecurity: 'none',
    trustedAuthservIds: [],
    createdAt: now,
    updatedAt: now,
    ...values,
  };
  return desk.db.transaction('test mailbox', async (tx) => {
    const [made] = await tx.insert(mailboxes).values(row).returning({ id: mailboxes.id });
    const id = made?.id ?? 0;
    await tx
      .update(mailboxes)
      .set({ secret: desk.seal.close(sealedFor('secret', id), secret) })
      .where(eq(mailboxes.id, id));
    return id;
  });
}

/** Somebody else with the same mailbox open, in a mail program. */
export async function mailProgram(server: Pick<Dovecot, 'port'>, user = 'support'): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: MAILBOX_PASSWORD },
    disableAutoIdle: true,
    logger: false,
  });
  client.on('error', () => {});
  await client.connect();
  await client.mailboxOpen('INBOX');
  return client;
}

export function letter(number: number, { body = 'It is on fire', headers = [] as string[] } = {}): Buffer {
  return Buffer.from(
    [
      `From: Liisa ${number} <liisa${number}@asiakas.test>`,
      'To: support@pohjola.test',
      `Subject: Printer ${number}`,
      'Date: Mon, 23 Nov 2026 12:00:00 +0000',
      `Message-ID: <wire-${number}@asiakas.test>`,
      ...headers,
      '',
      body,
    ].join('\r\n'),
  );
}
