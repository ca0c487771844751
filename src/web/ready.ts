import type { Log } from '#log.ts';

/** One thing without which the desk doesn't work. Answers what is wrong with it, in words without secrets; null when nothing is. */
export interface Check {
  name: string;
  ask(): Promise<string | null>;
}

/** As it is shown to whoever asks. */
export interface Report {
  ready: boolean;
  checks: Record<string, { ok: boolean; why?: string; milliseconds: number }>;
}

export interface Readiness {
  look(): Promise<Report>;
  /** Until then, and after the end, the answer is no. */
  begin(): void;
  end(): void;
}

/** Probes may come often, and from everywhere: they share an answer for so long. */
const FRESH_MS = 1_000;
const LIMIT_MS = 3_000;

type Stage = 'starting' | 'open' | 'stopping';

/** Whether work may be sent here. All checks are asked side by side, and none is waited for long. */
export function createReadiness(log: Log, checks: Check[], limitMs = LIMIT_MS): Readiness {
  let stage: Stage = 'starting';
  let asked: { at: number; report: Promise<Report> } | null = null;
  let before: string | null = null;

  async function ask(): Promise<Report> {
    const answers = await Promise.all(checks.map((check) => answerOf(log, check, limitMs)));
    const report = { ready: answers.every((answer) => answer.ok), checks: Object.fromEntries(answers.map(named)) };
    tellChange(report);
    return report;
  }

  /** Once for each change, however often it is asked. */
  function tellChange({ ready, checks }: Report): void {
    const troubles = Object.entries(checks).flatMap(([name, { why }]) => (why ? [`${name}: ${why}`] : []));
    const now = troubles.join(' ');
    if (now === (before ?? '')) return;
    before = now;
    if (ready) log.info({}, 'Ready again.');
    else log.warn({ troubles }, 'Not ready.');
  }

  return {
    look() {
      if (stage !== 'open') return Promise.resolve(between(stage));
      if (!asked || performance.now() - asked.at > FRESH_MS) asked = { at: performance.now(), report: ask() };
      return asked.report;
    },
    begin() {
      stage = 'open';
    },
    end() {
      stage = 'stopping';
    },
  };
}

function between(stage: Stage): Report {
  return { ready: false, checks: { server: { ok: false, why: `The server is ${stage}.`, milliseconds: 0 } } };
}

interface Answer {
  name: string;
  ok: boolean;
  why?: string;
  milliseconds: number;
}

function named({ name, ...answer }: Answer): [string, Omit<Answer, 'name'>] {
  return [name, answer];
}

async function answerOf(log: Log, { name, ask }: Check, limitMs: number): Promise<Answer> {
  const startedAt = performance.now();
  const why = await within(ask(), limitMs).catch((error: unknown) => {
    // Its words may name hosts and users: they are for the log, which is not shown to whoever asks.
    log.warn({ check: name, error }, 'A check of readiness failed.');
    return `It could not be checked${codeOf(error)}.`;
  });
  return { name, ok: why === null, ...(why === null ? {} : { why }), milliseconds: Math.round(performance.now() - startedAt) };
}

async function within(asked: Promise<string | null>, limitMs: number): Promise<string | null> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve(`No answer within ${limitMs} ms.`), limitMs);
  try {
    return await Promise.race([asked, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^\w+$/.test(code) ? ` (${code})` : '';
}
