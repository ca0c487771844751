import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Check, ok, skipped, warning, wrong } from './check.ts';

const LIMIT_MS = 5_000;

/** The port is free, or our own server answers there; and so it does under its public name, where one is set. */
export const web: Check = {
  name: 'web',
  run: async ({ settings: { HOST: host, PORT: port, PUBLIC_URL: url } }) => {
    if (host === undefined || port === undefined) return skipped('see configuration');
    if (port === 0) return ok('any free port');
    const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
    const local = `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
    if (!(await isAlive(local)))
      return (await isFree(host, port))
        ? ok(`${host}:${port} is free; no server is running`)
        : wrong(`${host}:${port} is taken by something else`, 'Choose another PORT, or end what listens there.');
    return publicly(local, url);
  },
};

async function publicly(local: string, url: string | undefined) {
  if (!url) return ok(`a server answers at ${local}`);
  return (await isAlive(url))
    ? ok(`a server answers at ${url}`)
    : warning(
        `${url} is not answered from here`,
        'Check the proxy, its certificate and DNS. (Some networks cannot reach their own public name.)',
      );
}

async function isAlive(base: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/healthz', base), { signal: AbortSignal.timeout(LIMIT_MS) });
    return response.ok && (await response.text()).trim() === 'alive';
  } catch {
    return false;
  }
}

async function isFree(host: string, port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
