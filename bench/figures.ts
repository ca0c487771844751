/** Rounded so that a reader sees figures, not noise. */
export function rounded(value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

export interface Spread {
  samples: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
}

export function spread(milliseconds: readonly number[]): Spread {
  return {
    samples: milliseconds.length,
    p50Ms: rounded(percentile(milliseconds, 50)),
    p95Ms: rounded(percentile(milliseconds, 95)),
    p99Ms: rounded(percentile(milliseconds, 99)),
    maxMs: rounded(Math.max(...milliseconds)),
  };
}
