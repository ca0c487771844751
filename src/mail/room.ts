import type { ImapFlow } from 'imapflow';
import { HOUR } from '#clock.ts';
import type { Desk } from '#tickets/desk.ts';
import { noteRoom, roomOf } from '#tickets/mailbox-room.ts';
import type { Mailbox } from '#tickets/mailboxes.ts';

/** A mailbox that is full takes no mail any more, and its senders hear of that before we do. */
const ASK_EVERY = HOUR;

/** Asks the server how full the mailbox is (RFC 9208), however often this is called at most once an hour. */
export function roomWatch(desk: Desk, client: ImapFlow, { id, folder }: Mailbox): () => Promise<void> {
  let askedAt: number | undefined;
  return async () => {
    const now = desk.clock.now().getTime();
    askedAt ??= (await roomOf(desk.db, id))?.askedAt ?? 0;
    if (now - askedAt < ASK_EVERY) return;
    askedAt = now;
    const quota = await client.getQuota(folder);
    // It doesn't say, or the question failed: what admins were told stays as it is.
    if (!quota) return;
    const { usage = 0, limit = 0 } = quota.storage ?? {};
    await noteRoom(desk, id, limit > 0 ? Math.floor((usage / limit) * 100) : null);
  };
}
