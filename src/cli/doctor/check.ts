import type { readWhatFits } from '#config.ts';

/** One thing that is as it should be, or not. `todo` says what to do. */
export type Finding =
  | { state: 'ok'; words: string }
  | { state: 'warning' | 'wrong'; words: string; todo: string }
  /** Can't be looked at as long as something else is wrong. */
  | { state: 'skipped'; words: string };

export interface Facts {
  environment: Record<string, string | undefined>;
  /** The settings that are right, whatever is wrong with the others. */
  settings: ReturnType<typeof readWhatFits>;
}

/** One file, one check: it makes nothing and changes nothing that stays. */
export interface Check {
  name: string;
  /** What takes longer than others may. */
  limitMs?: number;
  run(facts: Facts): Promise<Finding>;
}

export const ok = (words: string): Finding => ({ state: 'ok', words });
export const wrong = (words: string, todo: string): Finding => ({ state: 'wrong', words, todo });
export const warning = (words: string, todo: string): Finding => ({ state: 'warning', words, todo });
export const skipped = (words: string): Finding => ({ state: 'skipped', words });
