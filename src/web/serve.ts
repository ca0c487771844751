import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

export interface Web {
  port: number;
  /** Answers what was asked already, for a moment; then hangs up on whoever is left. */
  close(): Promise<void>;
}

interface Served {
  fetch(request: Request): Response | Promise<Response>;
}

const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
/** Longer than balancers keep an idle connection, so that they never send into one we are closing. */
const KEEP_ALIVE_MS = 65_000;
const MAX_CONNECTIONS = 1_000;
const CLOSE_MS = 1_000;

/** The one web server of the house. Throws where the port can't be had, and says which setting named it. */
export async function openWeb(app: Served, { host, port }: { host: string; port: number }): Promise<Web> {
  const limits = { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS };
  const answer = getRequestListener((request) => app.fetch(request), { overrideGlobalObjects: false });
  const server = createServer(limits, (incoming, outgoing) => void answer(incoming, outgoing));
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw Object.assign(error as Error, { syscall: 'listen', address: host, port, setting: 'HOST and PORT' });
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
      await closed;
      clearTimeout(late);
    },
  };
}
