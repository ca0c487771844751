export interface CallCount {
  method: string;
  /** `ok`, `ratelimited`, Slack's word for a refusal, or `unanswered`. */
  result: string;
  times: number;
  seconds: number;
}

/** Slack's words come from outside: there are not so many, but nothing here grows without an end. */
const MAX_KINDS = 1_000;

export function countCalls(): { add(method: string, result: string, startedAt: number): void; all(): CallCount[] } {
  const counts = new Map<string, CallCount>();
  return {
    add(method, result, startedAt) {
      const key = `${method} ${result}`;
      const count = counts.get(key) ?? { method, result, times: 0, seconds: 0 };
      if (count.times === 0 && counts.size >= MAX_KINDS) return;
      count.times += 1;
      count.seconds += (performance.now() - startedAt) / 1_000;
      counts.set(key, count);
    },
    all: () => [...counts.values()],
  };
}
