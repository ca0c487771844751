import { setTimeout as wait } from 'node:timers/promises';
import { type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Desk } from '#tickets/desk.ts';
import { boltLogger } from './logger.ts';

type BoltApp = Parameters<Receiver['init']>[0];

export interface Connection {
  receiver(wrap: (app: BoltApp) => Pick<BoltApp, 'processEvent'>): Receiver;
  start(): Promise<void>;
  stop(): Promise<void>;
  isConnected(): boolean;
  wasHealthySince(at: Date): boolean;
  /** Called when the connection is back after a gap. */
  onBack(listener: () => void): void;
}

/** After a `disconnect` the client waits this long before it connects again; its default of 5 s would leave us deaf. */
const PING_TIMEOUT_MS = 800;
const STOP_WAIT_MS = 500;
const MAX_RECONNECT_WAIT_MS = 30_000;

interface ConnectionOptions {
  appToken: string;
  clientOptions: Record<string, unknown>;
}

/** Socket Mode, watched: knows since when it has been whole, and comes back by itself even when the client gave up. */
export function createConnection(desk: Desk, { appToken, clientOptions }: ConnectionOptions): Connection {
  let healthySince: Date | null = null;
  let isStopped = false;
  let attempts = 0;
  const listeners: (() => void)[] = [];
  const socket = new SocketModeReceiver({
    appToken,
    clientPingTimeout: PING_TIMEOUT_MS,
    logger: boltLogger(desk.log),
    // A copy: the client writes its own retry settings into what it is given.
    installerOptions: { clientOptions: { ...clientOptions } },
  });
  const { client } = socket;

  client.on('connected', () => {
    const isBack = attempts > 0 || healthySince === null;
    attempts = 0;
    healthySince = desk.clock.now();
    if (isBack) for (const listener of listeners) listener();
  });
  for (const event of ['disconnecting', 'disconnected', 'reconnecting', 'close', 'error']) {
    client.on(event, () => {
      healthySince = null;
    });
  }
  // Dead credentials or an unreachable Slack end the client's own tries; ours go on.
  client.on('unable_to_socket_mode_start', (error: unknown) => void restart(error));
  client.on('disconnected', (error: unknown) => void restart(error));

  async function restart(error: unknown): Promise<void> {
    if (isStopped) return;
    attempts += 1;
    const pause = Math.min(MAX_RECONNECT_WAIT_MS, 500 * 2 ** Math.min(attempts, 6));
    desk.log.error({ error, attempts, pause }, 'Slack is not connected; trying again.');
    await wait(pause);
    if (isStopped || healthySince) return;
    try {
      await client.start();
    } catch (again) {
      await restart(again);
    }
  }

  return {
    receiver(wrap) {
      return { init: (app) => socket.init({ ...app, ...wrap(app) } as BoltApp), start: () => socket.start(), stop: () => socket.stop() };
    },
    start: async () => {
      try {
        await socket.start();
      } catch (error) {
        void restart(error);
      }
    },
    async stop() {
      isStopped = true;
      await socket.stop();
      // `stop` resolves before the socket is closed.
      await wait(STOP_WAIT_MS, undefined, { ref: false });
    },
    isConnected: () => healthySince !== null,
    wasHealthySince: (at) => healthySince !== null && healthySince <= at,
    onBack: (listener) => void listeners.push(listener),
  };
}
