import { eq } from 'drizzle-orm';
import { later, MINUTE, SECOND } from '#clock.ts';
import { Later } from '#jobs/job-kind.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { Failure } from '#failure.ts';
import { moment } from './mrkdwn.ts';
import type { Slack } from './slack.ts';
import { tellAdmins } from './tell.ts';

/** What needs Slack waits here while Slack refuses our token; the wait costs no job a try. */
export interface Parking {
  /** Throws Parked while Slack refuses us. Once a minute it asks first whether it still does. */
  pass(): Promise<void>;
  /** Slack says that our token is worth nothing. It is asked once more; the error is for who was on the way. */
  suspect(): Promise<Parked>;
  isParked(): boolean;
  /** Did Slack take our token all the time since then? */
  wasOpenSince(at: Date): boolean;
  /** Called when Slack takes the token again, with how long it did not. */
  onBack(listener: (gapMs: number) => void): void;
  /** An earlier run ended while parked, and this one has a token that works. */
  settle(): Promise<void>;
  close(): void;
}

export class Parked extends Later {
  constructor(runAt: Date) {
    super(runAt, 'Slack refuses our token');
    this.name = 'Parked';
  }
}

const KEY = 'slack.parked';

/** `ask` asks Slack who we are, and throws Failure `slack.token` when we are nobody. */
export function createParking(desk: Desk, { slack, ask }: { slack: () => Slack; ask: () => Promise<unknown> }): Parking {
  let parked: { since: Date; isSure: boolean } | null = null;
  let openSince = new Date(0);
  let lookedAt = new Date(0);
  let looking: Promise<void> | null = null;
  const listeners: ((gapMs: number) => void)[] = [];
  const timer = setInterval(() => void look().catch(() => {}), MINUTE);
  timer.unref();

  function look(): Promise<void> {
    if (!parked) return Promise.resolve();
    lookedAt = desk.clock.now();
    looking ??= askOnce(parked).finally(() => {
      looking = null;
    });
    return looking;
  }

  async function askOnce(now: { since: Date; isSure: boolean }): Promise<void> {
    try {
      await ask();
    } catch (error) {
      // A Slack that can't be asked is no news.
      if (!(error instanceof Failure) || error.key !== 'slack.token' || now.isSure) return;
      now.isSure = true;
      await remember(desk, now.since).catch((unkept: unknown) =>
        desk.log.error({ error: unkept }, 'Since when Slack refuses us could not be kept.'),
      );
      desk.log.error(
        { code: String(error.params?.['code'] ?? '') },
        'Slack refuses SLACK_BOT_TOKEN: it was revoked, or the app was taken away. Mail goes on; all that needs Slack waits. Install the app again, and start with its new token if it has one.',
      );
      return;
    }
    await reopen(now);
  }

  async function reopen({ since, isSure }: { since: Date; isSure: boolean }): Promise<void> {
    parked = null;
    openSince = desk.clock.now();
    if (!isSure) return;
    desk.log.info({ since }, 'Slack takes SLACK_BOT_TOKEN again.');
    await settle();
    for (const listener of listeners) listener(openSince.getTime() - since.getTime());
  }

  /** Of several nodes, the one that clears the mark tells. */
  async function settle(): Promise<void> {
    const since = await forget(desk);
    if (!since) return;
    const shown = { from: moment(since), until: moment(desk.clock.now()) };
    await tellAdmins(desk, slack(), `parked:${since.getTime()}`, 'slack:hint.parked', shown);
  }

  return {
    async pass() {
      if (!parked) return;
      if (later(lookedAt, MINUTE) <= desk.clock.now()) await look();
      if (parked) throw new Parked(later(desk.clock.now(), MINUTE));
    },
    async suspect() {
      parked ??= { since: desk.clock.now(), isSure: false };
      await look();
      return new Parked(later(desk.clock.now(), parked ? MINUTE : SECOND));
    },
    isParked: () => parked !== null,
    wasOpenSince: (at) => !parked && openSince <= at,
    onBack: (listener) => void listeners.push(listener),
    settle,
    close: () => clearInterval(timer),
  };
}

async function remember(desk: Desk, since: Date): Promise<void> {
  await change(desk, 'slack parked', (tx) =>
    tx.insert(tx.tables.settings).values({ key: KEY, value: since.toISOString(), updatedAt: since }).onConflictDoNothing(),
  );
}

async function forget(desk: Desk): Promise<Date | null> {
  const [row] = await change(desk, 'slack is back', (tx) =>
    tx.delete(tx.tables.settings).where(eq(tx.tables.settings.key, KEY)).returning({ value: tx.tables.settings.value }),
  );
  return row ? new Date(String(row.value)) : null;
}
