import { createHmac, timingSafeEqual } from 'node:crypto';
import { MINUTE, SECOND } from '#clock.ts';

/** What Slack says of itself in a request's headers. */
export interface Signed {
  timestamp: string | null;
  signature: string | null;
  /** As it came: one changed byte is another body. */
  body: Uint8Array;
}

export type Forgery = 'not signed' | 'too old' | 'signed otherwise';

/** A request that was caught on its way is of no use to anybody after this. */
export const TOLERANCE = 5 * MINUTE;

/** Null for what Slack itself has sent just now (docs.slack.dev, "Verifying requests from Slack"). */
export function forgeryOf({ timestamp, signature, body }: Signed, secret: string, now: Date): Forgery | null {
  if (timestamp === null || signature === null || !/^\d{1,12}$/.test(timestamp)) return 'not signed';
  if (Math.abs(now.getTime() - Number(timestamp) * SECOND) > TOLERANCE) return 'too old';
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  const [theirs, ours] = [Buffer.from(signature), Buffer.from(`v0=${digest}`)];
  return theirs.length === ours.length && timingSafeEqual(theirs, ours) ? null : 'signed otherwise';
}
