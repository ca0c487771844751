/** Chance that is the same each time for one number: trials can be repeated. */
export interface Chance {
  /** From 0 up to 1. */
  next(): number;
  below(limit: number): number;
  oneOf<T>(choices: readonly T[]): T;
  isLucky(probability: number): boolean;
}

/** Mulberry32: small, fast, and good enough to be believed. */
export function chanceOf(number: number): Chance {
  let state = number >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    oneOf: <T>(choices: readonly T[]): T => {
      const chosen = choices[below(choices.length)];
      if (chosen === undefined) throw new Error('There is nothing to choose from.');
      return chosen;
    },
    isLucky: (probability) => next() < probability,
  };
}
