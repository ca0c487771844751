import { and, eq, isNotNull } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import { NewerDatabase, versions } from '#db/migrate.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Check } from './ready.ts';

/** A mailbox nobody has read for so long is a customer nobody hears. */
const MAX_UNREAD = 10 * MINUTE;
/** Nothing but an upgrade changes it. */
const MIGRATIONS_FRESH_MS = 30_000;
const MAX_NAMED = 20;

/** A row is written: a full disk, a lost server and a stuck writer all show here. */
export function databaseCheck(desk: Desk): Check {
  return {
    name: 'database',
    async ask() {
      await desk.db.transaction('readiness', async (tx) => {
        const { leases } = tx.tables;
        const until = desk.clock.now();
        await tx
          .insert(leases)
          .values({ name: 'readiness', holder: 'probe', until })
          .onConflictDoUpdate({ target: leases.name, set: { until } });
      });
      return null;
    },
  };
}

/** Nodes are upgraded one after another: a database that is newer already is no trouble of this one. */
export function migrationsCheck(url: string): Check {
  let known: { at: number; pending: number } | null = null;
  return {
    name: 'migrations',
    async ask() {
      if (!known || performance.now() - known.at > MIGRATIONS_FRESH_MS) known = { at: performance.now(), pending: await pendingOf(url) };
      return known.pending === 0 ? null : `${known.pending} migrations wait. Run "tiketti migrate".`;
    },
  };
}

async function pendingOf(url: string): Promise<number> {
  try {
    return (await versions(url)).pending;
  } catch (error) {
    if (error instanceof NewerDatabase) return 0;
    throw error;
  }
}

export function mailboxesCheck(desk: Desk): Check {
  return {
    name: 'mailboxes',
    async ask() {
      const { mailboxes } = desk.db.tables;
      const soonest = later(desk.clock.now(), -MAX_UNREAD);
      const rows = await desk.db
        .select({ name: mailboxes.name, readAt: mailboxes.readAt })
        .from(mailboxes)
        .where(and(eq(mailboxes.isEnabled, true), isNotNull(mailboxes.imapHost)));
      const unread = rows.filter(({ readAt }) => readAt === null || readAt < soonest);
      return unread.length === 0 ? null : unread.slice(0, MAX_NAMED).map(inWords).join(' ');
    },
  };
}

function inWords({ name, readAt }: { name: string; readAt: Date | null }): string {
  return readAt === null ? `${name} was never read.` : `${name} was last read at ${readAt.toISOString()}.`;
}
