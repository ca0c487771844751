import Connection from 'better-sqlite3';
import { setTimeout as wait } from 'node:timers/promises';

/** Looks into the server's database from outside: reading, on a connection of its own. */
export interface Watch {
  counts(): Counts;
  /** Resolves with the moment, on `performance.now`, at which the question was first answered with yes. */
  until(isThere: (counts: Counts) => boolean, deadlineMs: number): Promise<number>;
  /** Resolves when the first mailbox was looked into. */
  untilRead(deadlineMs: number): Promise<void>;
  rows<T>(text: string, ...parameters: unknown[]): T[];
  close(): void;
}

export interface Counts {
  /** Mails whose fate is not decided yet. */
  undecided: number;
  mails: number;
  tickets: number;
  deliveries: number;
}

const LOOK_EVERY_MS = 20;

export function watchDatabase(file: string): Watch {
  const connection = new Connection(file, { readonly: true, timeout: 5_000 });
  const look = connection.prepare(`select
    (select count(*) from mails where state <> 'processed') as undecided,
    (select coalesce(max(id), 0) from mails) as mails,
    (select coalesce(max(id), 0) from tickets) as tickets,
    (select coalesce(max(id), 0) from deliveries) as deliveries`);
  const counts = () => look.get() as Counts;
  return {
    counts,
    async until(isThere, deadlineMs) {
      const deadline = performance.now() + deadlineMs;
      for (;;) {
        const now = counts();
        if (isThere(now)) return performance.now();
        if (performance.now() > deadline) throw new Error(`Waited ${deadlineMs} ms in vain; there is ${JSON.stringify(now)}.`);
        await wait(LOOK_EVERY_MS);
      }
    },
    async untilRead(deadlineMs) {
      const read = connection.prepare('select 1 from mailboxes where read_at is not null');
      const deadline = performance.now() + deadlineMs;
      while (!read.get()) {
        if (performance.now() > deadline) throw new Error(`No mailbox was read in ${deadlineMs} ms.`);
        await wait(LOOK_EVERY_MS);
      }
    },
    rows: <T>(text: string, ...parameters: unknown[]) => connection.prepare(text).all(...parameters) as T[],
    close: () => connection.close(),
  };
}
