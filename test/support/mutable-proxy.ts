import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface MutableProxy {
  port: number;
  /** Connections there are now carry nothing any more, and nobody is told; new ones work. */
  mute(): void;
  /** Breaks every connection. */
  cut(): void;
  stop(): Promise<void>;
}

/** What stands between two hosts: a firewall that forgets connections without a word. */
export async function startMutableProxy(toPort: number): Promise<MutableProxy> {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(toPort, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => end(pair));
    }
  });
  const muted = new Set<Socket>();
  const end = (pair: [Socket, Socket]) => {
    pairs.delete(pair);
    for (const socket of pair) if (!muted.has(socket)) socket.destroy();
  };
  const port = await listen(server);
  return {
    port,
    mute() {
      for (const [near, far] of pairs) {
        muted.add(near).add(far);
        near.unpipe(far);
        far.unpipe(near);
        far.destroy();
        near.resume();
      }
    },
    cut() {
      for (const [near, far] of pairs) {
        near.destroy();
        far.destroy();
      }
    },
    async stop() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      for (const socket of muted) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A host that takes connections and never says a word. */
export async function startSilence(): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  const port = await listen(server);
  return {
    port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
