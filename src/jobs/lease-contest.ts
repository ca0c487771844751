import { and, eq } from 'drizzle-orm';
import { later, SECOND } from '#clock.ts';
import type { Row } from '#db/schema.ts';
import type { Bench } from './job-kind.ts';

/**
 * No clock of one machine is held against another's: who waits watches whether the row changes, by a stopwatch of its own,
 * and the holder stops by its own before anybody may take the row for abandoned.
 */
export interface Pace {
  beatMs: number;
  /** Unchanged for so long, the row is anybody's. */
  silenceMs: number;
  /** The holder's last renewal began so long ago: it stops, although nobody has taken over yet. */
  trustMs: number;
}

export const PACE: Pace = { beatMs: 5 * SECOND, silenceMs: 25 * SECOND, trustMs: 15 * SECOND };

export interface Contest {
  name: string;
  /** This process, by a name no other living one has. */
  holder: string;
  /**
   * The work that only one node may do. When the signal is aborted (the lease was lost, or the contest is stopped) it
   * ends at once: nothing else happens here before it has. Work that ends by itself gives the lease back; it is contended
   * for again a beat later.
   */
  onWon(signal: AbortSignal): Promise<void>;
  pace?: Pace;
}

/** Contends for a lease until stopped: one holder at a time, and another soon after that one ends or falls silent. */
export function contendLease(desk: Bench, contest: Contest): { stop(): Promise<void> } {
  const { beatMs } = contest.pace ?? PACE;
  const stopped = new AbortController();
  const candidate = new Candidate(desk, contest);
  const running = (async () => {
    while (!stopped.signal.aborted) {
      if (await candidate.tries()) await hold(desk, contest, { candidate, stopped: stopped.signal });
      await pause(beatMs, stopped.signal);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

interface Hold {
  candidate: Candidate;
  stopped: AbortSignal;
}

/** Works and renews, until the work ends, the lease is lost or the contest is over. Returns when the work has ended. */
async function hold(desk: Bench, contest: Contest, { candidate, stopped }: Hold): Promise<void> {
  const { name, holder } = contest;
  const lost = new AbortController();
  const ended = new AbortController();
  const signal = AbortSignal.any([lost.signal, stopped]);
  const renewing = renew(candidate, contest.pace ?? PACE, { lost, until: AbortSignal.any([signal, ended.signal]) });
  try {
    if (!signal.aborted) await contest.onWon(signal);
  } catch (error) {
    if (!signal.aborted) desk.log.error({ error, name, holder }, 'What only one node does has failed here; the lease is given back.');
  }
  ended.abort();
  await renewing;
  if (lost.signal.aborted) desk.log.warn({ name, holder }, 'The lease was lost, and its work stopped.');
  await candidate.gives();
}

/** A renewal that hangs must not keep the holder from seeing that its time is over. */
async function renew(candidate: Candidate, { beatMs, trustMs }: Pace, { lost, until }: { lost: AbortController; until: AbortSignal }) {
  let trustedSince = candidate.heldSince;
  let distrust: NodeJS.Timeout | undefined;
  const trust = () => {
    clearTimeout(distrust);
    distrust = setTimeout(() => lost.abort(), trustedSince + trustMs - performance.now());
  };
  trust();
  for (;;) {
    await pause(beatMs, until);
    if (until.aborted) break;
    const isRenewed = await candidate.tries();
    if (isRenewed === false) lost.abort();
    if (until.aborted) break;
    trustedSince = candidate.heldSince;
    trust();
  }
  clearTimeout(distrust);
}

type Lease = Row<'leases'>;

/** One node's view of the row. */
class Candidate {
  readonly #desk: Bench;
  readonly #contest: Contest;
  /** The row as it was seen last, and since when it has not changed. */
  #seen: { lease: Lease; since: number } | null = null;
  /** When the last successful taking or renewing began. */
  heldSince = Number.NEGATIVE_INFINITY;

  constructor(desk: Bench, contest: Contest) {
    this.#desk = desk;
    this.#contest = contest;
  }

  /** Takes or renews the lease. False: it is another's. Null: the database did not answer. */
  async tries(): Promise<boolean | null> {
    const { name, holder } = this.#contest;
    const beganAt = performance.now();
    try {
      const isOurs = await this.#desk.db.transaction(`lease ${name}`, async (tx) => {
        const { leases } = tx.tables;
        const [lease] = await tx.select().from(leases).where(eq(leases.name, name)).limit(1);
        const until = this.#until(lease);
        if (!lease)
          return (
            (await tx.insert(leases).values({ name, holder, until }).onConflictDoNothing().returning({ name: leases.name })).length > 0
          );
        if (lease.holder !== holder && !this.#isAbandoned(lease)) return false;
        // Whoever changed it meanwhile is alive.
        const isAsRead = and(eq(leases.name, name), eq(leases.holder, lease.holder), eq(leases.until, lease.until));
        return (await tx.update(leases).set({ holder, until }).where(isAsRead).returning({ name: leases.name })).length > 0;
      });
      if (isOurs) this.heldSince = beganAt;
      return isOurs;
    } catch (error) {
      this.#desk.log.warn({ error, name, holder }, 'A lease could not be taken or renewed.');
      return null;
    }
  }

  /** Only what is still ours. */
  async gives(): Promise<void> {
    const { name, holder } = this.#contest;
    try {
      await this.#desk.db.transaction(`lease ${name} ends`, (tx) => {
        const { leases } = tx.tables;
        return tx.delete(leases).where(and(eq(leases.name, name), eq(leases.holder, holder)));
      });
    } catch (error) {
      this.#desk.log.warn(
        { error, name, holder },
        'A lease could not be given back; the others wait until it has been silent for long enough.',
      );
    }
  }

  /** The time is for people who look; what others watch is that it grows, even where a clock stands still. */
  #until(lease: Lease | undefined): Date {
    const { silenceMs } = this.#contest.pace ?? PACE;
    const wanted = later(this.#desk.clock.now(), silenceMs);
    return lease && lease.until >= wanted ? later(lease.until, 1) : wanted;
  }

  #isAbandoned(lease: Lease): boolean {
    const { silenceMs } = this.#contest.pace ?? PACE;
    const now = performance.now();
    const isSame = this.#seen?.lease.holder === lease.holder && this.#seen.lease.until.getTime() === lease.until.getTime();
    if (!this.#seen || !isSame) this.#seen = { lease, since: now };
    return now - this.#seen.since >= silenceMs;
  }
}

function pause(milliseconds: number, until: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (until.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      until.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    until.addEventListener('abort', end);
  });
}
