import { setTimeout as wait } from 'node:timers/promises';
import { type Receiver, SocketModeReceiver } from '@slack/bolt';
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import type { Desk } from '#tickets/desk.ts';
import { boltLogger } from './logger.ts';

export type BoltApp = Parameters<Receiver['init']>[0];

/** One of our connections to Slack. It comes back by itself, for as long as it takes. */
export interface Socket {
  /** Resolves after the first try; what fails is told in the log and tried again. */
  start(): Promise<void>;
  /** A new connection first, and then an end to the old one. */
  renew(): Promise<void>;
  stop(): Promise<void>;
  /** In the time of `performance.now()`; null while it is down. */
  wholeSince(): number | null;
}

export interface SocketOptions {
  appToken: string;
  clientOptions: Record<string, unknown>;
  /** Who takes what comes. */
  app: () => BoltApp;
  whole: () => void;
  lost: () => void;
}

const STOP_MS = 3_000;
/** Slack says hello within a second; who waits longer is connected to nobody. */
const HELLO_MS = 30_000;
/** Slack asks for a new connection every few hours: then this one is deaf only so long. */
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 30_000;
/** A line that died without a word is given up by the client, which then waits half a minute for a farewell. We don't. */
const WATCH_MS = 1_000;
const OPEN = 1;

export function createSocket(desk: Desk, { appToken, clientOptions, app, whole, lost }: SocketOptions): Socket {
  const stopping = new AbortController();
  let current: { receiver: SocketModeReceiver; since: number } | null = null;
  let comingBack: Promise<void> | null = null;

  function receiver(): SocketModeReceiver {
    const made = new SocketModeReceiver({
      appToken,
      // The client's own way back waits 5 s at least, and gives up for good when Slack refuses the token once.
      autoReconnectEnabled: false,
      logger: boltLogger(desk.log),
      // A copy: the client writes its own retry settings into what it is given.
      installerOptions: { clientOptions: { ...clientOptions } },
    });
    made.init(app());
    return made;
  }

  /** From hello to the first sign of an end, this one counts. */
  function watch(made: SocketModeReceiver): void {
    const { client } = made;
    const ended = () => {
      if (current?.receiver !== made) return;
      current = null;
      lost();
      comeBack();
    };
    client.on('connected', () => {
      if (stopping.signal.aborted) return void client.disconnect();
      const before = current?.receiver;
      current = { receiver: made, since: performance.now() };
      watchLine(made, ended);
      whole();
      if (!before) return;
      lost();
      void before.client.disconnect();
    });
    client.on('ws_message', (data: unknown) => isFarewell(data) && ended());
    for (const event of ['disconnecting', 'disconnected', 'close', 'error']) client.on(event, ended);
  }

  function comeBack(firstPause = FIRST_PAUSE_MS): void {
    if (stopping.signal.aborted) return;
    comingBack ??= untilConnected(firstPause).finally(() => {
      comingBack = null;
      // Lost again in the moment between.
      if (!current) comeBack();
    });
  }

  async function untilConnected(firstPause: number): Promise<void> {
    let pause = firstPause;
    for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
      await wait(pause, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted || current) return;
      try {
        return await connect();
      } catch (error) {
        pause = pauseAfter(error, attempt);
        desk.log.error({ error, attempt, againInMs: pause }, troubleOf(error));
      }
    }
  }

  async function connect(): Promise<void> {
    const made = receiver();
    watch(made);
    const late = new AbortController();
    const tooLate = wait(HELLO_MS, undefined, { signal: late.signal }).then(() => {
      throw new Error(`Slack said no hello in ${HELLO_MS} ms.`);
    });
    try {
      await Promise.race([made.client.start(), tooLate]);
    } catch (error) {
      void made.client.disconnect();
      throw error ?? new Error('Slack closed the connection before it said hello.');
    } finally {
      late.abort();
      tooLate.catch(() => {});
    }
  }

  return {
    async start() {
      try {
        await connect();
      } catch (error) {
        desk.log.error({ error }, troubleOf(error));
        comeBack(pauseAfter(error, 0));
      }
    },
    async renew() {
      // Without a new one the old one does as well.
      if (current) await connect().catch((error: unknown) => desk.log.warn({ error }, 'A connection to Slack could not be renewed.'));
    },
    async stop() {
      stopping.abort();
      if (current) await Promise.race([current.receiver.client.disconnect(), wait(STOP_MS, undefined, { ref: false })]);
    },
    wholeSince: () => current?.since ?? null,
  };
}

function watchLine({ client }: SocketModeReceiver, ended: () => void): void {
  const timer = setInterval(() => {
    const line = Reflect.get(client, 'websocket') as { readyState?: number } | null | undefined;
    if (line?.readyState === OPEN) return;
    clearInterval(timer);
    ended();
  }, WATCH_MS);
  timer.unref();
}

/** Slack asks for a new connection, and the client closes this one. */
function isFarewell(data: unknown): boolean {
  return typeof data === 'string' && data.includes('"disconnect"') && (JSON.parse(data) as { type?: string }).type === 'disconnect';
}

function pauseAfter(error: unknown, attempt: number): number {
  const asked = error instanceof WebAPIRateLimitedError ? error.retryAfter * 1_000 : 0;
  return Math.max(asked, Math.min(MAX_PAUSE_MS, 500 * 2 ** attempt));
}

function troubleOf(error: unknown): string {
  const code = error instanceof WebAPIPlatformError ? error.data.error : null;
  if (code === null) return 'A connection to Slack failed; trying again.';
  return `${appTokenTrouble(code)} Trying again.`;
}

const REASONS: Record<string, string> = {
  missing_scope:
    'It lacks the scope connections:write; make a new one at api.slack.com/apps → your app → Basic Information → App-Level Tokens.',
  forbidden_team: 'Switch Socket Mode on at api.slack.com/apps → your app → Socket Mode.',
};

/** What an operator reads when Slack refuses the app token. */
export function appTokenTrouble(code: string): string {
  const reason = REASONS[code] ?? 'It needs to be an app-level token with the scope connections:write, and Socket Mode switched on.';
  return `Slack refuses SLACK_APP_TOKEN (${code}). ${reason}`;
}
