import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../support/free-port.ts';

/** A line to another port that can be cut and mended: the same address, now there, now not. */
export interface Relay {
  port: number;
  mend(): Promise<void>;
  cut(): Promise<void>;
}

/** Cut at first. */
export async function startRelay(target: () => number): Promise<Relay> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  return {
    port,
    async mend() {
      server = createServer((near) => {
        const far = connect(target(), '127.0.0.1');
        for (const socket of [near, far]) {
          sockets.add(socket);
          socket.on('error', () => {}).on('close', () => sockets.delete(socket));
        }
        near.pipe(far).pipe(near);
      }).listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async cut() {
      const closed = server ? once(server, 'close') : null;
      server?.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      server = null;
    },
  };
}
