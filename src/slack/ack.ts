import type { Desk } from '#tickets/desk.ts';

/** Slack wants an answer in 3 s; what takes longer is acknowledged first and answered after. */
const ACK_DEADLINE_MS = 2_300;
/** Socket Mode closes the connection on a frame over 20,480 bytes; this leaves room for the envelope. */
const MAX_ACK_BYTES = 18_000;
const MAX_OPTIONS = 100;

export type AckOnce = ((response?: unknown) => Promise<void>) & { isDone: boolean };

/**
 * Work first, then the acknowledgement; but never later than Slack allows: then with what `late` says. A listener that
 * threw is acknowledged too.
 */
export async function once(
  desk: Desk,
  ack: (response?: never) => Promise<unknown>,
  work: (ackOnce: AckOnce) => Promise<void>,
  late: () => unknown = () => undefined,
): Promise<void> {
  const ackOnce = Object.assign(
    async (response?: unknown) => {
      if (ackOnce.isDone) return;
      ackOnce.isDone = true;
      await (ack as (response?: unknown) => Promise<unknown>)(response);
    },
    { isDone: false },
  ) as AckOnce;
  const timer = setTimeout(() => {
    ackOnce(late()).catch((error: unknown) => desk.log.warn({ error }, 'Slack could not be told in time that something arrived.'));
  }, ACK_DEADLINE_MS);
  try {
    await work(ackOnce);
  } finally {
    clearTimeout(timer);
    await ackOnce();
  }
}

export function fits(response: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(response ?? {})) < MAX_ACK_BYTES;
}

/** As many of the first options as an acknowledgement holds. */
export function fitting<T>(options: T[]): T[] {
  let size = 0;
  return options.slice(0, MAX_OPTIONS).filter((option) => {
    size += Buffer.byteLength(JSON.stringify(option));
    return size < MAX_ACK_BYTES;
  });
}
