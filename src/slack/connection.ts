import type { Receiver } from '@slack/bolt';
import type { Desk } from '#tickets/desk.ts';
import { type BoltApp, createSocket } from './socket.ts';

export interface Connection {
  receiver(wrap: (app: BoltApp) => Pick<BoltApp, 'processEvent'>): Receiver;
  start(): Promise<void>;
  stop(): Promise<void>;
  isConnected(): boolean;
  /** Could nothing have been on its way to us and got lost, from then on? */
  wasHealthySince(at: Date): boolean;
  /** Called when the connection is back, with how long nobody heard Slack. */
  onBack(listener: (gapMs: number) => void): void;
}

const SOCKETS = 2;
/** Slack renews a connection some hours after it began; two that began together would be renewed together. */
const STAGGER_MS = 600_000;

interface ConnectionOptions {
  appToken: string;
  clientOptions: Record<string, unknown>;
  staggerMs?: number;
}

/** Socket Mode over two connections, of which one is enough: only while both are down nobody hears Slack. */
export function createConnection(desk: Desk, { appToken, clientOptions, staggerMs = STAGGER_MS }: ConnectionOptions): Connection {
  let app: BoltApp | null = null;
  let lostAt: Date | null = null;
  /** Since when none of them ended. What Slack had sent over one that ended comes again, but later. */
  let steadySince: Date | null = null;
  let timer: NodeJS.Timeout | undefined;
  const listeners: ((gapMs: number) => void)[] = [];
  const isConnected = () => sockets.some((socket) => socket.wholeSince() !== null);

  const whole = () => {
    spread();
    if (steadySince) return;
    steadySince = desk.clock.now();
    const gapMs = lostAt ? steadySince.getTime() - lostAt.getTime() : 0;
    lostAt = null;
    for (const listener of listeners) listener(gapMs);
  };
  const lost = () => {
    const now = desk.clock.now();
    steadySince = isConnected() ? now : null;
    if (!steadySince) lostAt ??= now;
  };
  const sockets = Array.from({ length: SOCKETS }, () => createSocket(desk, { appToken, clientOptions, app: bolt, whole, lost }));

  function bolt(): BoltApp {
    if (!app) throw new Error('The connection was started before Bolt was there.');
    return app;
  }

  /** Who began beside the other begins anew a while later, once. */
  function spread(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const since = sockets.map((socket) => socket.wholeSince() ?? -Infinity).toSorted((a, b) => a - b);
      const [first = 0, last = 0] = [since[0], since.at(-1)];
      if (last - first < staggerMs) void sockets.at(-1)?.renew();
    }, staggerMs);
    timer.unref();
  }

  const start = async () => void (await Promise.all(sockets.map((socket) => socket.start())));
  const stop = async () => {
    clearTimeout(timer);
    await Promise.all(sockets.map((socket) => socket.stop()));
  };
  return {
    receiver: (wrap) => ({ init: (inner) => void (app = { ...inner, ...wrap(inner) } as BoltApp), start, stop }),
    start,
    stop,
    isConnected,
    wasHealthySince: (at) => steadySince !== null && steadySince <= at,
    onBack: (listener) => void listeners.push(listener),
  };
}
