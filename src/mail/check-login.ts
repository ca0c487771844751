import type { MailSecurity } from '#db/words.ts';
import type { Desk } from '#tickets/desk.ts';
import { allMailboxes, type Mailbox } from '#tickets/mailboxes.ts';
import { connectImap } from './imap.ts';
import { imapLogin, type Login, smtpLogin } from './login.ts';
import { createSender } from './send.ts';

const LIMIT_MS = 10_000;

export interface MailPlace {
  host: string;
  port: number;
  security: MailSecurity;
  login: Login | null;
}

/** Connects and logs in as for sending, and sends nothing. Null when all is well, else what the server or the wire said. */
export async function checkSmtp(place: MailPlace): Promise<string | null> {
  const sender = createSender({ ...place, maxConnections: 1, timeoutMs: LIMIT_MS });
  try {
    await sender.verify();
    return null;
  } catch (error) {
    return said(error);
  } finally {
    sender.close();
  }
}

/** Connects and logs in as for reading, and reads nothing. */
export async function checkImap({ host, port, security, login }: MailPlace): Promise<string | null> {
  try {
    const client = await connectImap({ imapHost: host, imapPort: port, imapSecurity: security }, login, AbortSignal.timeout(LIMIT_MS));
    await client.logout();
    return null;
  } catch (error) {
    return said(error);
  }
}

/** What is wrong with the logins of the mailboxes made in Home, each by its name. */
export async function checkMailboxes(desk: Desk): Promise<{ checked: number; problems: string[] }> {
  const mailboxes = (await allMailboxes(desk.db)).filter((mailbox) => mailbox.isEnabled && !mailbox.isFromEnvironment);
  const problems = await Promise.all(mailboxes.map((mailbox) => problemsOf(desk, mailbox)));
  return { checked: mailboxes.length, problems: problems.flat() };
}

async function problemsOf(desk: Desk, mailbox: Mailbox): Promise<string[]> {
  const { imapHost, imapPort, imapSecurity, smtpHost, smtpPort, smtpSecurity } = mailbox;
  const attempt = async (way: string, look: () => Promise<string | null>) => {
    const words = await look().catch(said);
    return words === null ? [] : [`${mailbox.name} (${way}): ${words}`];
  };
  return [
    ...(imapHost
      ? await attempt('IMAP', async () =>
          checkImap({ host: imapHost, port: imapPort, security: imapSecurity, login: await imapLogin(desk, mailbox) }),
        )
      : []),
    ...(smtpHost
      ? await attempt('SMTP', async () =>
          checkSmtp({ host: smtpHost, port: smtpPort, security: smtpSecurity, login: await smtpLogin(desk, mailbox) }),
        )
      : []),
  ];
}

function said(error: unknown): string {
  const { message, response, responseText } = error as Error & { response?: unknown; responseText?: string };
  const words = responseText ?? (typeof response === 'string' ? response : message);
  return words.replaceAll(/\s+/g, ' ').slice(0, 200);
}
