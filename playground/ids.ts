import type { State } from './state.ts';

const SPACE = 36 ** 8;
const SCRAMBLE = 1_640_531_527_001;
const MICROS_PER_MILLISECOND = 1_000;
const MICROS_PER_SECOND = 1_000_000;
const TS_STEP_MICROS = 100;

/** Looks like Slack's ids, never repeats, and is the same in every run. */
export function newId(state: State, prefix: string): string {
  state.counters.id += 1;
  return `${prefix}0${scrambled(state.counters.id).toString(36).toUpperCase().padStart(8, '0')}`;
}

export function newToken(state: State, length = 24): string {
  state.counters.id += 1;
  let token = '';
  for (let part = 1; token.length < length; part += 1) token += scrambled(state.counters.id * 7919 + part).toString(36);
  return token.slice(0, length);
}

export function newBlockId(state: State): string {
  return newToken(state, 5);
}

/** A timestamp no message or event of this workspace has yet. */
export function newTs(state: State, now: Date): string {
  const micros = Math.max(now.getTime() * MICROS_PER_MILLISECOND, state.counters.micros + TS_STEP_MICROS);
  state.counters.micros = micros;
  return tsOf(micros);
}

export function tsOf(micros: number): string {
  return `${Math.floor(micros / MICROS_PER_SECOND)}.${String(micros % MICROS_PER_SECOND).padStart(6, '0')}`;
}

function scrambled(counter: number): number {
  return Number((BigInt(counter) * BigInt(SCRAMBLE)) % BigInt(SPACE));
}
