import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

const HOST = '127.0.0.1';
const TRIES = 10;

/** The wanted port or one of the next few; any other if they are all taken. */
export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; wanted > 0 && port < wanted + TRIES; port += 1) {
    if (await isFree(port)) return port;
  }
  return (await portOf(0)) ?? 0;
}

async function isFree(port: number): Promise<boolean> {
  return (await portOf(port)) !== null;
}

async function portOf(port: number): Promise<number | null> {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  } finally {
    server.close();
  }
}

/** Whether somebody listens there. */
export function isAnswering(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    const end = (isOpen: boolean) => (): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });
}
