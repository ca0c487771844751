import type { Log } from '#log.ts';
import { HeldTooLong } from './scope.ts';

export interface HoldLimits {
  warnMilliseconds: number;
  limitMilliseconds: number;
}

export const HOLD_LIMITS: HoldLimits = { warnMilliseconds: 2_000, limitMilliseconds: 10_000 };

export interface Hold {
  /** Rejects when the writer was held too long; never resolves. */
  readonly expired: Promise<never>;
  stop(): void;
}

/** Watches one transaction from its `begin` on. */
export function watchHold(label: string, limits: HoldLimits, log: Log): Hold {
  const startedAt = performance.now();
  const { promise: expired, reject } = Promise.withResolvers<never>();
  let isTold = false;
  const tell = () => {
    isTold = true;
    log.warn({ transaction: label, ms: Math.round(performance.now() - startedAt) }, 'a transaction holds the writer for long');
  };
  const warning = setTimeout(tell, limits.warnMilliseconds).unref();
  const limit = setTimeout(() => reject(new HeldTooLong(label)), limits.limitMilliseconds).unref();
  const stop = () => {
    clearTimeout(warning);
    clearTimeout(limit);
    // Synchronous statements one after another leave the timers no turn.
    if (!isTold && performance.now() - startedAt > limits.warnMilliseconds) tell();
  };
  return { expired, stop };
}
