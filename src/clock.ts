/** Time is a parameter: nothing below `main` reads the machine's clock. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function later(at: Date, milliseconds: number): Date {
  return new Date(at.getTime() + milliseconds);
}
