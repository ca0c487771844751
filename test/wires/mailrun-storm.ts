import { setTimeout as wait } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { OUR_ADDRESS } from './mailrun-letters.ts';
import type { World } from './mailrun-world.ts';

export interface Storm {
  /** Resolves when so many blows have fallen. */
  fallen(blows: number): Promise<void>;
  /** Resolves when all of it has happened, with what did. */
  over(): Promise<Record<string, number>>;
}

type Blow = 'restarts' | 'silences' | 'renumberings';

/** Ten restarts, five connections that fall silent, and once every mail gets another number. */
const BLOWS: Blow[] = [
  'restarts',
  'silences',
  'restarts',
  'restarts',
  'silences',
  'restarts',
  'renumberings',
  'silences',
  'restarts',
  'restarts',
  'restarts',
  'silences',
  'restarts',
  'restarts',
  'silences',
  'restarts',
];
const FIRST_PAUSE_MS = 1_500;
const PAUSE_MS = 2_500;

/** One blow after the other, each when the mailbox was read again after the one before. */
export function startStorm(world: World): Storm {
  const happened: Record<string, number> = {};
  const fallen = BLOWS.map(() => Promise.withResolvers<void>());
  const blowing = (async () => {
    await wait(FIRST_PAUSE_MS);
    for (const [index, blow] of BLOWS.entries()) {
      const at = new Date();
      if (blow === 'restarts') await world.dovecot.restart();
      if (blow === 'silences') world.proxy.mute();
      if (blow === 'renumberings') await world.dovecot.renumber(OUR_ADDRESS);
      happened[blow] = (happened[blow] ?? 0) + 1;
      await readAgain(world, at);
      fallen[index]?.resolve();
      await wait(PAUSE_MS);
    }
  })();
  // Who waits for a blow hears why it never fell.
  blowing.catch((error: unknown) => fallen.forEach((one) => one.reject(error)));
  for (const { promise } of fallen) promise.catch(() => {});
  return {
    fallen: async (blows) => fallen[blows - 1]?.promise,
    async over() {
      await blowing;
      return happened;
    },
  };
}

const DEADLINE_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** Resolves when the desk has looked into its mailbox after this moment. */
async function readAgain({ db, server }: World, at: Date): Promise<void> {
  const { mailboxes } = db.tables;
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const [mailbox] = await db.select({ readAt: mailboxes.readAt }).from(mailboxes).where(eq(mailboxes.isFromEnvironment, true));
    if (mailbox?.readAt && mailbox.readAt > at) return;
    if (Date.now() > deadline) throw new Error(`The mailbox was not read again.\n${server.lines.slice(-15).join('\n')}`);
    await wait(LOOK_EVERY_MS);
  }
}
