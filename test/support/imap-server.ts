import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';

/** The part of hoodiecrow-imap that is used here; it comes without types. */
type Hoodiecrow = (options: {
  plugins?: string[];
  users: Record<string, { password: string }>;
  storage: Record<string, { messages?: { raw: string }[] }>;
}) => { server: Server; listen(port: number, host: string): void; close(done: () => void): void };

const hoodiecrow = createRequire(import.meta.url)('hoodiecrow-imap') as Hoodiecrow;

export interface ImapServer {
  port: number;
  stop(): Promise<void>;
}

export const IMAP_USER = 'support';

/** A small IMAP server in this process: one account, one folder, no TLS. */
export async function startImapServer({
  password,
  mails = [],
  plugins = ['IDLE', 'SPECIAL-USE', 'ID'],
}: {
  password: string;
  mails?: string[];
  plugins?: string[];
}): Promise<ImapServer> {
  const imap = hoodiecrow({
    plugins,
    users: { [IMAP_USER]: { password } },
    storage: { INBOX: { messages: mails.map((raw) => ({ raw })) } },
  });
  imap.listen(0, '127.0.0.1');
  if (!imap.server.listening) await once(imap.server, 'listening');
  return {
    port: (imap.server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => imap.close(resolve)),
  };
}
