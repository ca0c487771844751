import type { WebClient } from '@slack/web-api';
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { Later } from '#jobs/job-kind.ts';
import type { Log } from '#log.ts';
import { type CallCount, countCalls } from './call-count.ts';

/** The most urgent first: hold lines and answers to clicks, then what people say, then cards, then reactions. */
export const LANES = ['answer', 'conversation', 'card', 'reaction'] as const;
export type Lane = (typeof LANES)[number];

export interface Lanes {
  /** Calls when the method's pause is over and nothing more urgent waits for it. Throws SlackError for a refusal by Slack. */
  call<T = Record<string, unknown>>(lane: Lane, method: string, parameters: Record<string, unknown>): Promise<T>;
  /** How many calls wait, per lane. */
  depth(): Record<Lane, number>;
  /** What became of the calls since the start, per method. */
  calls(): CallCount[];
  /** Gives up the calls that Slack has asked to wait: their jobs are rows, and come again after the next start. */
  close(): void;
  /** Gives up those under way as well: whether Slack did them is found out after the next start. */
  breakOff(): void;
}

/** Slack understood and refused: `code` is its word, e.g. `channel_not_found`. */
export class SlackError extends Error {
  readonly code: string;
  readonly method: string;
  readonly details: string[];
  constructor(method: string, code: string, details: string[] = []) {
    super(`${method}: ${code}${details.length > 0 ? ` (${details.join('; ')})` : ''}`);
    this.name = 'SlackError';
    this.code = code;
    this.method = method;
    this.details = details;
  }
}

class Closing extends Error {
  constructor(method: string) {
    super(`${method}: Slack lets us wait, and the desk is closing.`);
    this.name = 'Closing';
  }
}

/** A reaction that would have waited too long: words say the same, so it is dropped. */
export class DroppedUnderPressure extends Error {}

/** Who says whether Slack takes our token at all, and hears when it does not. */
export interface Gate {
  /** Throws while it does not. */
  pass(): Promise<void>;
  suspect(): Promise<Error>;
}

const MAX_AT_ONCE = 8;
const MAX_WAITING = 5_000;
const MAX_REACTION_PAUSE_MS = 5_000;

interface Waiting {
  lane: Lane;
  method: string;
  /** Posting is limited per channel, everything else per method. */
  bucket: string;
  parameters: Record<string, unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** One client for all: a 429 pauses its own method (and channel, when posting), never the others. */
export function createLanes(client: WebClient, log: Log, gate: Gate): Lanes {
  const waiting = new Map<Lane, Waiting[]>(LANES.map((lane) => [lane, []]));
  const pausedUntil = new Map<string, number>();
  const underWay = new Set<Waiting>();
  const counted = countCalls();
  let isClosed = false;
  let isBrokenOff = false;
  let timer: NodeJS.Timeout | undefined;

  function pump(): void {
    while (underWay.size < MAX_AT_ONCE) {
      const next = takeNext();
      if (!next) return;
      underWay.add(next);
      void perform(next).finally(() => {
        underWay.delete(next);
        pump();
      });
    }
  }

  function takeNext(): Waiting | undefined {
    const now = performance.now();
    let soonest = Infinity;
    for (const lane of LANES) {
      const line = waiting.get(lane) ?? [];
      for (const [index, one] of line.entries()) {
        const until = pausedUntil.get(one.bucket) ?? 0;
        if (until <= now) return line.splice(index, 1)[0];
        soonest = Math.min(soonest, until);
      }
    }
    if (soonest < Infinity) {
      clearTimeout(timer);
      timer = setTimeout(pump, Math.max(1, soonest - now));
    }
    return undefined;
  }

  async function perform(one: Waiting): Promise<void> {
    const startedAt = performance.now();
    try {
      await gate.pass();
      const answer = await client.apiCall(one.method, one.parameters);
      counted.add(one.method, 'ok', startedAt);
      one.resolve(answer);
    } catch (thrown) {
      const error = thrown instanceof WebAPIPlatformError ? toSlackError(one.method, thrown) : thrown;
      // Who was not let in never called.
      if (!(error instanceof Later)) counted.add(one.method, resultOf(error), startedAt);
      if (error instanceof WebAPIRateLimitedError) return pause(one, error.retryAfter);
      if (isTokenLost(error)) return gate.suspect().then(one.reject, one.reject);
      one.reject(error);
    }
  }

  function pause(one: Waiting, seconds: number): void {
    log.warn({ method: one.method, lane: one.lane, seconds }, 'Slack asks to slow down.');
    pausedUntil.set(one.bucket, performance.now() + seconds * 1_000);
    if (isClosed) return one.reject(new Closing(one.method));
    if (one.lane === 'reaction' && seconds * 1_000 > MAX_REACTION_PAUSE_MS) return one.reject(new DroppedUnderPressure(one.method));
    waiting.get(one.lane)?.unshift(one);
  }

  function close(): void {
    isClosed = true;
    clearTimeout(timer);
    const now = performance.now();
    for (const line of waiting.values()) {
      const isPaused = (one: Waiting) => (pausedUntil.get(one.bucket) ?? 0) > now;
      for (const one of line.filter(isPaused)) one.reject(new Closing(one.method));
      line.splice(0, line.length, ...line.filter((one) => !isPaused(one)));
    }
  }

  function breakOff(): void {
    isClosed = true;
    isBrokenOff = true;
    clearTimeout(timer);
    const left = [...underWay, ...[...waiting.values()].flatMap((line) => line.splice(0))];
    for (const one of left) one.reject(new Closing(one.method));
  }

  return {
    close,
    breakOff,
    calls: () => counted.all(),
    call: <T>(lane: Lane, method: string, parameters: Record<string, unknown>) =>
      new Promise<T>((resolve, reject) => {
        const line = waiting.get(lane) ?? [];
        const bucket = method.startsWith('chat.post') ? `${method}:${String(parameters['channel'])}` : method;
        if (isBrokenOff || (isClosed && (pausedUntil.get(bucket) ?? 0) > performance.now())) return reject(new Closing(method));
        if (line.length >= MAX_WAITING) return reject(new Error(`Over ${MAX_WAITING} calls wait for Slack in the lane ${lane}.`));
        line.push({ lane, method, bucket, parameters, resolve: resolve as (value: unknown) => void, reject });
        pump();
      }),
    depth: () => Object.fromEntries(LANES.map((lane) => [lane, waiting.get(lane)?.length ?? 0])) as Record<Lane, number>,
  };
}

function resultOf(error: unknown): string {
  if (error instanceof WebAPIRateLimitedError) return 'ratelimited';
  return error instanceof SlackError ? error.code : 'unanswered';
}

function toSlackError(method: string, error: WebAPIPlatformError): SlackError {
  const data = error.data as { error?: string; response_metadata?: { messages?: string[] }; needed?: string };
  const details = [...(data.response_metadata?.messages ?? []), ...(data.needed ? [`needed: ${data.needed}`] : [])];
  return new SlackError(method, data.error ?? 'unknown', details);
}

const TOKEN_LOST = [
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'team_disabled',
  'token_expired',
  'token_revoked',
  'user_removed_from_team',
];

/** Slack knows the token no more, or the app was taken away from the workspace. */
function isTokenLost(error: unknown): boolean {
  return isSlackError(error, ...TOKEN_LOST);
}

export function isSlackError(error: unknown, ...codes: string[]): error is SlackError {
  return error instanceof SlackError && (codes.length === 0 || codes.includes(error.code));
}

const AWAY = ['ratelimited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'];

/** Slack could not be asked, or could not answer: the same may well succeed in a while. A refusal will be the same tomorrow. */
export function isSlackAway(error: unknown): boolean {
  return (
    error instanceof WebAPIRequestError ||
    error instanceof WebAPIHTTPError ||
    error instanceof WebAPIRateLimitedError ||
    error instanceof Closing ||
    isSlackError(error, ...AWAY)
  );
}

/** The channel can't be written to: gone, archived, or we are not in it. */
export function isChannelLost(error: unknown): error is SlackError {
  return isSlackError(
    error,
    'channel_not_found',
    'is_archived',
    'not_in_channel',
    'channel_is_archived',
    'is_inactive',
    'restricted_action',
  );
}
