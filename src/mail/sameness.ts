import { MINUTE } from '#clock.ts';

/** So long after a mail without id and date the same bytes are that mail again: a server that missed our answer retries sooner. */
const SAME_WITHIN = 20 * MINUTE;

interface Sameness {
  /** It has neither an id nor a date. */
  isAnonymous: boolean;
  at: Date;
  /** When its own server took it, where that is known. */
  arrivedAt: Date | null;
}

/** The keys under which the same content may be known by now; the first is the one to keep. */
export function sameContentKeys(digest: string, { isAnonymous, at, arrivedAt }: Sameness): [string, ...string[]] {
  if (!isAnonymous) return [digest];
  if (arrivedAt) return [`${digest}.@${arrivedAt.getTime()}`];
  const span = Math.floor(at.getTime() / SAME_WITHIN);
  return [`${digest}.${span}`, `${digest}.${span - 1}`];
}

/** Whether what is known by such a key is this very mail: an alarm that repeats later is a new one. */
export function isStillSame(known: Date, isAnonymous: boolean, at: Date): boolean {
  return !isAnonymous || at.getTime() - known.getTime() < SAME_WITHIN;
}
