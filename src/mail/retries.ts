import { DAY, HOUR, later, MINUTE } from '#clock.ts';

/** Product §3.3: waits between tries; then every four hours, for three days. */
const RETRIES = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];
const LATER_RETRIES = 4 * HOUR;
const GIVE_UP_AFTER = 3 * DAY;

interface Tried {
  attempts: number;
  firstTriedAt: Date | null;
  createdAt: Date;
}

/** Null when it is over: the last try is made when three days have passed since the first. */
export function nextTry(now: Date, { attempts, firstTriedAt }: Tried): Date | null {
  const end = later(firstTriedAt ?? now, GIVE_UP_AFTER);
  if (now >= end) return null;
  const again = later(now, RETRIES[attempts - 1] ?? LATER_RETRIES);
  return again < end ? again : end;
}

/** Whether it has waited for as long as anybody should, tried or not. */
export function isOver(now: Date, { firstTriedAt, createdAt }: Tried): boolean {
  return now >= later(firstTriedAt ?? createdAt, GIVE_UP_AFTER);
}
