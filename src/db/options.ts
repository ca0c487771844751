import type { Clock } from '#clock.ts';
import type { Log } from '#log.ts';
import type { HoldLimits } from './hold.ts';

export interface DatabaseOptions {
  log: Log;
  /** For statements of time in what the database itself writes down; waiting is measured by the machine. */
  clock?: Clock;
  hold?: HoldLimits;
  /** How long a transaction waits for another process's, on SQLite. */
  busyMilliseconds?: number;
  /** PostgreSQL only. */
  maxConnections?: number;
  connectionTimeoutMilliseconds?: number;
}

export const BUSY_MILLISECONDS = 5_000;
export const MAX_CONNECTIONS = 10;
export const CONNECTION_TIMEOUT_MILLISECONDS = 10_000;
