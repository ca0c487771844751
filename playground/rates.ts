import rules from './rules/methods.json' with { type: 'json' };

export interface Rates {
  /** Zero when the call may pass, else the seconds to wait. */
  take(method: string, channel: string | undefined): number;
}

interface Bucket {
  tokens: number;
  at: number;
}

interface Allowance {
  perMinute: number;
  burst: number;
}

const PER_MINUTE: Record<number, number> = { 1: 1, 2: 20, 3: 50, 4: 100 };
const SPECIAL_PER_MINUTE = 600;
const POSTS_PER_CHANNEL: Allowance = { perMinute: 60, burst: 10 };
const POSTS_PER_WORKSPACE: Allowance = { perMinute: 400, burst: 400 };
const MINUTE_MILLISECONDS = 60_000;
const SECOND_MILLISECONDS = 1_000;

/** `scale` multiplies every allowance; 0 switches the limits off. */
export function createRates(now: () => Date, scale: number): Rates {
  const buckets = new Map<string, Bucket>();
  const wait = (key: string, allowance: Allowance): number => {
    const bucket = filled(buckets.get(key), allowance, now().getTime());
    buckets.set(key, bucket);
    if (bucket.tokens >= 1) return 0;
    return Math.ceil(((1 - bucket.tokens) / allowance.perMinute) * (MINUTE_MILLISECONDS / SECOND_MILLISECONDS));
  };
  return {
    take(method, channel) {
      if (scale === 0) return 0;
      const limits = limitsOf(method, channel).map(([key, allowance]) => [key, scaled(allowance, scale)] as const);
      const seconds = Math.max(...limits.map(([key, allowance]) => wait(key, allowance)));
      if (seconds > 0) return seconds;
      for (const [key] of limits) (buckets.get(key) as Bucket).tokens -= 1;
      return 0;
    },
  };
}

function limitsOf(method: string, channel: string | undefined): [string, Allowance][] {
  if (method === 'chat.postMessage') {
    return [
      ['posts', POSTS_PER_WORKSPACE],
      [`posts ${channel}`, POSTS_PER_CHANNEL],
    ];
  }
  const tier = (rules.methods as Record<string, { tier: number | string }>)[method]?.tier;
  const perMinute = typeof tier === 'number' ? (PER_MINUTE[tier] ?? SPECIAL_PER_MINUTE) : SPECIAL_PER_MINUTE;
  return [[method, { perMinute, burst: perMinute }]];
}

function scaled(allowance: Allowance, scale: number): Allowance {
  return { perMinute: allowance.perMinute * scale, burst: Math.max(1, allowance.burst * scale) };
}

function filled(bucket: Bucket | undefined, allowance: Allowance, at: number): Bucket {
  if (!bucket) return { tokens: allowance.burst, at };
  const gained = ((at - bucket.at) / MINUTE_MILLISECONDS) * allowance.perMinute;
  return { tokens: Math.min(allowance.burst, bucket.tokens + Math.max(0, gained)), at };
}
