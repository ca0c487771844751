import type { Clock } from '#clock.ts';
import type { Database, Writer } from '#db/database.ts';
import type { FileStore } from '#files/store.ts';
import { enqueue, type Wish } from '#jobs/queue.ts';
import type { Log } from '#log.ts';
import type { Seal } from '#seal.ts';
import type { Tokens } from '#tokens.ts';
import type { Actor, Reaction } from './events.ts';

export type { Actor } from './events.ts';

/** What every verb gets first. */
export interface Desk {
  db: Database;
  clock: Clock;
  log: Log;
  files: FileStore;
  tokens: Tokens;
  seal: Seal;
  settings: DeskSettings;
  /** What follows an event, as part of its transaction: rules act, channels enqueue. */
  reactions: Reaction<Desk>[];
  /** Tells the worker that jobs were committed; of all kinds when none are named. */
  wake(kinds?: readonly string[]): void;
  /** Where a test stops the process. Does nothing in production. */
  failPoint(step: string): void;
}

export interface DeskSettings {
  /** Every prefix ever used, the current one first. */
  prefixes: [string, ...string[]];
  brand: { name: string; colour: string; logoUrl: string | null };
  language: string;
  timeZone: string;
  holdSeconds: number;
  /** Days until a solved ticket closes, 1–28. */
  closeAfterDays: number;
  /** Country of phone numbers written without a prefix. */
  country: string;
}

export const SYSTEM: Actor = { kind: 'system' };

/** One transaction of a verb; inside another verb's it becomes a savepoint of that one. */
export function change<T>(desk: Desk, label: string, work: (tx: Writer, desk: Desk) => Promise<T>): Promise<T> {
  return desk.db.transaction(label, (tx, carried) => work(tx, { ...desk, db: carried }));
}

/** Jobs that exist if and only if the transaction commits; the worker hears of them then. */
export async function queue(desk: Desk, tx: Writer, wishes: Wish | Wish[]): Promise<void> {
  await enqueue(tx, desk.clock.now(), wishes);
  const kinds = [wishes].flat().map((wish) => wish.kind);
  tx.afterCommit(() => desk.wake(kinds));
}
