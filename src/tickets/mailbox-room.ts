import { eq } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import { change, type Desk, SYSTEM } from './desk.ts';
import { record } from './events.ts';

/** What is remembered of how full a mailbox is. Times in milliseconds. */
export interface Room {
  askedAt: number;
  /** Admins heard that it is nearly full. */
  isTold: boolean;
}

/** From here on admins are told, while there is still time to make room. */
const NEARLY_FULL_PERCENT = 90;
/** Below this it is no longer nearly full: a mailbox that swings around one limit is told of once. */
const ROOMY_PERCENT = 80;

export async function roomOf(reader: Reader, mailboxId: number): Promise<Room | undefined> {
  const { settings } = reader.tables;
  const [kept] = await reader
    .select()
    .from(settings)
    .where(eq(settings.key, keyOf(mailboxId)))
    .limit(1);
  return kept?.value as Room | undefined;
}

/** Remembers how full a mailbox is, null where its server does not say, and lets admins hear of it once. Nothing is stopped. */
export async function noteRoom(desk: Desk, mailboxId: number, usedPercent: number | null): Promise<void> {
  await change(desk, 'mailbox room', async (tx, desk) => {
    const wasTold = (await roomOf(tx, mailboxId))?.isTold ?? false;
    const isTold = usedPercent !== null && usedPercent >= (wasTold ? ROOMY_PERCENT : NEARLY_FULL_PERCENT);
    await keep(tx, mailboxId, { askedAt: desk.clock.now().getTime(), isTold });
    if (isTold && !wasTold) await record(desk, tx, null, SYSTEM, { type: 'mailbox.filling', data: { mailboxId, usedPercent } });
  });
}

async function keep(tx: Writer, mailboxId: number, room: Room): Promise<void> {
  const { settings } = tx.tables;
  const values = { value: room, updatedAt: new Date(room.askedAt) };
  await tx
    .insert(settings)
    .values({ key: keyOf(mailboxId), ...values })
    .onConflictDoUpdate({ target: settings.key, set: values });
}

function keyOf(mailboxId: number): string {
  return `mailbox.room:${mailboxId}`;
}
