import { setTimeout as wait } from 'node:timers/promises';
import { type Receiver, SocketModeReceiver } from '@slack/bolt';
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import type { Desk } from '#tickets/desk.ts';
import { boltLogger } from './logger.ts';

type BoltApp = Parameters<Receiver['init']>[0];

export interface Connection {
  receiver(wrap: (app: BoltApp) => Pick<BoltApp, 'processEvent'>): Receiver;
  start(): Promise<void>;
  stop(): Promise<void>;
  isConnected(): boolean;
  wasHealthySince(at: Date): boolean;
  /** Called when the connection is back, with how long nobody heard Slack. */
  onBack(listener: (gapMs: number) => void): void;
}

const STOP_MS = 3_000;
/** Slack says hello within a second; who waits longer is connected to nobody. */
const HELLO_MS = 30_000;
/** Slack asks for a new connection every few hours: then we are deaf only this long. */
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 30_000;

interface ConnectionOptions {
  appToken: string;
  clientOptions: Record<string, unknown>;
}

/** Socket Mode, watched: knows since when it has been whole, and comes back by itself for as long as it takes. */
export function createConnection(desk: Desk, { appToken, clientOptions }: ConnectionOptions): Connection {
  let healthySince: Date | null = null;
  let isConnecting = false;
  let comingBack: Promise<void> | null = null;
  const stopping = new AbortController();
  const listeners: ((gapMs: number) => void)[] = [];
  let lostAt: Date | null = null;
  const lost = () => {
    healthySince = null;
    lostAt ??= desk.clock.now();
  };
  const socket = new SocketModeReceiver({
    appToken,
    // The client's own way back waits 5 s at least, and gives up for good when Slack refuses the token once.
    autoReconnectEnabled: false,
    logger: boltLogger(desk.log),
    // A copy: the client writes its own retry settings into what it is given.
    installerOptions: { clientOptions: { ...clientOptions } },
  });
  const { client } = socket;

  client.on('connected', () => {
    if (stopping.signal.aborted) return void client.disconnect();
    healthySince = desk.clock.now();
    const gapMs = lostAt ? healthySince.getTime() - lostAt.getTime() : 0;
    lostAt = null;
    for (const listener of listeners) listener(gapMs);
  });
  for (const event of ['disconnecting', 'close', 'error']) {
    client.on(event, lost);
  }
  client.on('disconnected', () => {
    lost();
    // Whoever is connecting hears of it otherwise.
    if (!isConnecting) comeBack();
  });

  function comeBack(firstPause = FIRST_PAUSE_MS): void {
    if (stopping.signal.aborted) return;
    comingBack ??= untilConnected(firstPause).finally(() => {
      comingBack = null;
      // Lost again in the moment between.
      if (!healthySince) comeBack();
    });
  }

  async function untilConnected(firstPause: number): Promise<void> {
    let pause = firstPause;
    for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
      await wait(pause, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted || healthySince) return;
      try {
        return await connect();
      } catch (error) {
        pause = pauseAfter(error, attempt);
        desk.log.error({ error, attempt, againInMs: pause }, troubleOf(error));
      }
    }
  }

  async function connect(): Promise<void> {
    const late = new AbortController();
    const tooLate = wait(HELLO_MS, undefined, { signal: late.signal }).then(() => {
      throw new Error(`Slack said no hello in ${HELLO_MS} ms.`);
    });
    isConnecting = true;
    try {
      await Promise.race([client.start(), tooLate]);
    } catch (error) {
      void client.disconnect();
      throw error ?? new Error('Slack closed the connection before it said hello.');
    } finally {
      isConnecting = false;
      late.abort();
      tooLate.catch(() => {});
    }
  }

  return {
    receiver(wrap) {
      return { init: (app) => socket.init({ ...app, ...wrap(app) } as BoltApp), start: () => socket.start(), stop: () => socket.stop() };
    },
    async start() {
      try {
        await connect();
      } catch (error) {
        desk.log.error({ error }, troubleOf(error));
        comeBack(pauseAfter(error, 0));
      }
    },
    async stop() {
      stopping.abort();
      await Promise.race([client.disconnect(), wait(STOP_MS, undefined, { ref: false })]);
    },
    isConnected: () => healthySince !== null,
    wasHealthySince: (at) => healthySince !== null && healthySince <= at,
    onBack: (listener) => void listeners.push(listener),
  };
}

function pauseAfter(error: unknown, attempt: number): number {
  const asked = error instanceof WebAPIRateLimitedError ? error.retryAfter * 1_000 : 0;
  return Math.max(asked, Math.min(MAX_PAUSE_MS, 500 * 2 ** attempt));
}

function troubleOf(error: unknown): string {
  const code = error instanceof WebAPIPlatformError ? error.data.error : null;
  if (code === null) return 'Slack is not connected; trying again.';
  return `Slack refuses SLACK_APP_TOKEN (${code}). It needs an app-level token with the scope connections:write, and Socket Mode switched on; trying again.`;
}
