import { setTimeout as wait } from 'node:timers/promises';
import type { AckFn, Receiver, ReceiverEvent } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { MINUTE, SECOND } from '#clock.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Connection } from './connection.ts';
import { readRequest } from './request.ts';
import { forgeryOf, type Signed, TOLERANCE } from './signature.ts';

export interface SlackRequest extends Signed {
  contentType: string;
  retryNum: string | null;
  retryReason: string | null;
}

export interface SlackAnswer {
  status: number;
  /** Said as JSON; nothing at all when undefined, words when a string. */
  body?: unknown;
}

/** Slack comes to us: the same doors as in Socket Mode, behind one address of the web server. */
export interface HttpConnection extends Connection {
  answer(request: SlackRequest): Promise<SlackAnswer>;
}

interface HttpOptions {
  signingSecret: string;
  client: Pick<WebClient, 'auth'>;
  /** How often Slack is asked whether it still knows us. */
  watchMs?: number;
}

/** Slack has hung up long before. */
const ANSWER_MS = 10 * SECOND;
const STOP_MS = 2 * SECOND;
const WATCH_MS = 30 * SECOND;
/** Nobody here can see that Slack gave up on an event, so the threads are looked through now and then. */
const LOOK_THROUGH_MS = 10 * MINUTE;
/** Long enough to be looked into, too short to be spoken of. */
const SUSPECTED_GAP_MS = 3 * SECOND;
/** A wrong secret would say the same with every event. */
const TELL_MS = MINUTE;
const MAX_REMEMBERED = 10_000;

type Handler = { processEvent(event: ReceiverEvent): Promise<void> };

/** Signed posts instead of a socket. See docs/decisions/0013. */
export function createHttpConnection(desk: Desk, { signingSecret, client, watchMs = WATCH_MS }: HttpOptions): HttpConnection {
  let handler: Handler | null = null;
  let isOpen = false;
  let isKnown = true;
  let lostAt: Date | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;
  const listeners: ((gapMs: number) => void)[] = [];
  const underWay = new Set<Promise<SlackAnswer>>();
  const timers: NodeJS.Timeout[] = [];
  const isRepeated = rememberer(desk);
  const tellBack = (gapMs: number) => {
    for (const listener of listeners) listener(gapMs);
  };

  async function watch(): Promise<void> {
    try {
      await client.auth.test();
    } catch (error) {
      if (isKnown) desk.log.error({ error }, 'Slack does not answer, or does not know this token any more; asking again.');
      isKnown = false;
      lostAt ??= desk.clock.now();
      return;
    }
    if (!lostAt) return;
    const gapMs = desk.clock.now().getTime() - lostAt.getTime();
    isKnown = true;
    lostAt = null;
    tellBack(gapMs);
  }

  function tellForgery(why: string): void {
    if (performance.now() - toldAt < TELL_MS) return;
    toldAt = performance.now();
    desk.log.warn({ why }, 'A request to /slack/events was refused: it is not from Slack, or SLACK_SIGNING_SECRET is not its secret.');
  }

  async function answer(request: SlackRequest): Promise<SlackAnswer> {
    const why = forgeryOf(request, signingSecret, desk.clock.now());
    if (why !== null) {
      tellForgery(why);
      return { status: 401, body: 'Not signed by Slack' };
    }
    const read = readRequest(request);
    if (read.kind === 'nonsense') return { status: 400, body: 'Not understood' };
    if (read.kind === 'challenge') return { status: 200, body: read.challenge };
    if (!handler || !isOpen) return { status: 503, body: 'Not open' };
    if (read.kind === 'notice') {
      desk.log.warn({ type: read.type }, 'Slack sent something nobody answers.');
      return { status: 200 };
    }
    // An event has a key of its own. A click or a command seen a second time is somebody's copy of it.
    if (read.kind === 'act' && isRepeated(request.signature ?? '')) return { status: 200 };
    return hand(handler, { body: read.body, ...retryOf(request) });
  }

  return {
    receiver(wrap) {
      return { init: (app) => void (handler = wrap(app) as Handler), start: async () => {}, stop: async () => {} } satisfies Receiver;
    },
    async start() {
      isOpen = true;
      timers.push(setInterval(() => void watch(), watchMs).unref());
      timers.push(setInterval(() => tellBack(SUSPECTED_GAP_MS), LOOK_THROUGH_MS).unref());
    },
    async stop() {
      isOpen = false;
      for (const timer of timers) clearInterval(timer);
      await Promise.race([Promise.allSettled(underWay), wait(STOP_MS, undefined, { ref: false })]);
    },
    isConnected: () => isOpen && isKnown,
    // What did not reach us leaves no trace here, so a held reply is always read again before it leaves.
    wasHealthySince: () => false,
    onBack: (listener) => void listeners.push(listener),
    answer(request) {
      const answered = answer(request);
      underWay.add(answered);
      return answered.finally(() => underWay.delete(answered));
    },
  };
}

/** The acknowledgement is the answer. What fails before it is asked for again. */
async function hand(handler: Handler, event: Omit<ReceiverEvent, 'ack'>): Promise<SlackAnswer> {
  const acked = Promise.withResolvers<SlackAnswer>();
  const ack: AckFn<unknown> = async (body) => acked.resolve({ status: 200, body });
  handler.processEvent({ ...event, ack }).then(
    () => acked.resolve({ status: 404, body: 'Nobody answers this' }),
    (error: unknown) => acked.reject(error),
  );
  const late = new AbortController();
  const tooLate = wait(ANSWER_MS, { status: 503, body: 'Too busy' }, { signal: late.signal });
  tooLate.catch(() => {});
  try {
    return await Promise.race([acked.promise, tooLate]);
  } finally {
    late.abort();
  }
}

function retryOf({ retryNum, retryReason }: SlackRequest): Pick<ReceiverEvent, 'retryNum' | 'retryReason'> {
  return retryNum === null ? {} : { retryNum: Number(retryNum), ...(retryReason === null ? {} : { retryReason }) };
}

/** Signatures of the last minutes: after those, a copy is too old by itself. */
function rememberer(desk: Desk): (signature: string) => boolean {
  const seen = new Map<string, number>();
  return (signature) => {
    const now = desk.clock.now().getTime();
    for (const [one, at] of seen) {
      if (now - at < 2 * TOLERANCE && seen.size < MAX_REMEMBERED) break;
      seen.delete(one);
    }
    if (seen.has(signature)) return true;
    seen.set(signature, now);
    return false;
  };
}
