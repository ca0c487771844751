export interface Clock {
  now(): Date;
}

export interface SettableClock extends Clock {
  advance(milliseconds: number): void;
  set(at: Date): void;
  /** Called after every move; answers a function that stops the calls. */
  onMove(listener: () => void): () => void;
}

export interface Timers {
  /** Runs `run` once the clock has moved on by `milliseconds`; answers a function that cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  /** Runs everything that is due by now. */
  tick(): void;
  stop(): void;
}

interface Due {
  at: number;
  run: () => void;
}

/** How often somebody else's clock is looked at. */
const LOOK_MILLISECONDS = 20;
const LONGEST_SLEEP_MILLISECONDS = 60_000;

export const realClock: Clock = { now: () => new Date() };

export function settableClock(start: Date = new Date('2026-03-02T07:00:00Z')): SettableClock {
  let now = start.getTime();
  const listeners = new Set<() => void>();
  const move = (to: number): void => {
    now = to;
    for (const listener of listeners) listener();
  };
  return {
    now: () => new Date(now),
    advance: (milliseconds) => move(now + milliseconds),
    set: (at) => move(at.getTime()),
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function createTimers(clock: Clock): Timers {
  const waiting = new Set<Due>();
  const tick = (): void => {
    const due = [...waiting].filter((entry) => entry.at <= clock.now().getTime()).toSorted((left, right) => left.at - right.at);
    for (const entry of due) if (waiting.delete(entry)) entry.run();
  };
  const alarm = clock === realClock ? sleepUntilDue(waiting, tick) : lookOften(clock, tick);
  return {
    after(milliseconds, run) {
      const entry = { at: clock.now().getTime() + milliseconds, run };
      waiting.add(entry);
      alarm.changed();
      return () => waiting.delete(entry);
    },
    tick,
    stop() {
      waiting.clear();
      alarm.stop();
    },
  };
}

function sleepUntilDue(waiting: Set<Due>, tick: () => void): { changed: () => void; stop: () => void } {
  let sleeping: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(sleeping);
    if (waiting.size === 0) return;
    const next = Math.min(...[...waiting].map((entry) => entry.at)) - Date.now();
    sleeping = setTimeout(wake, Math.min(Math.max(next, 0), LONGEST_SLEEP_MILLISECONDS));
    sleeping.unref();
  };
  const wake = (): void => {
    tick();
    changed();
  };
  return { changed, stop: () => clearTimeout(sleeping) };
}

function lookOften(clock: Clock, tick: () => void): { changed: () => void; stop: () => void } {
  const looking = setInterval(tick, LOOK_MILLISECONDS);
  looking.unref();
  const forget = 'onMove' in clock ? (clock as SettableClock).onMove(tick) : () => undefined;
  return {
    changed: () => undefined,
    stop() {
      clearInterval(looking);
      forget();
    },
  };
}
