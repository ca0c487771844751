import { z } from 'zod';

const MAX_PORT = 65_535;
const PORT_RANGE = `must be a port between 0 and ${MAX_PORT}; 0 takes any free one.`;

export const host = z.string().regex(/^[\w.:-]+$/, 'must be an address of this machine, e.g. "127.0.0.1", or "0.0.0.0" for all of them.');

export const port = z.coerce.number(PORT_RANGE).int(PORT_RANGE).min(0, PORT_RANGE).max(MAX_PORT, PORT_RANGE);

export const publicUrl = z
  .url({ protocol: /^https?$/, error: 'must be the URL under which people reach this server, e.g. "https://desk.example.com".' })
  .transform((url) => url.replace(/\/+$/, ''));

/** Where the server is reached when nobody says otherwise. */
export function localUrl({ HOST, PORT }: { HOST: string; PORT: number }): string {
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;
}
