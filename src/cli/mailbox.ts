import { type DataConfig } from '#config.ts';
import { authorize } from '#mail/oauth-authorize.ts';
import { authOfGrant } from '#mail/oauth-grant.ts';
import { keepGrant, mustFindMailbox } from '#tickets/mailbox-grant.ts';
import { openDesk } from '../main/open-desk.ts';

export interface AuthorizeOptions {
  provider: 'google' | 'microsoft';
  tenant: string;
  clientId: string;
  clientSecret: string;
  port: number;
  authorizeUrl?: string | undefined;
  tokenUrl?: string | undefined;
}

/** A person signs in for a mailbox; the running server reads and sends with it within seconds. */
export async function authorizeMailbox(config: DataConfig, name: string, options: AuthorizeOptions): Promise<void> {
  const desk = await openDesk({ config });
  try {
    const mailbox = await mustFindMailbox(desk, name);
    const granted = await authorize({ ...options, userName: mailbox.userName }, (url) =>
      process.stderr.write(
        `Open this address in a browser on this machine, or through a tunnel to it, and sign in as ${mailbox.userName}:\n\n${url}\n\n`,
      ),
    );
    await keepGrant(desk, mailbox, { auth: authOfGrant(granted), secret: JSON.stringify(granted) });
    process.stdout.write(`${JSON.stringify({ mailbox: mailbox.name, auth: authOfGrant(granted) })}\n`);
  } finally {
    await desk.db.close();
  }
}
