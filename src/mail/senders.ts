import { and, eq, isNull } from 'drizzle-orm';
import { later, MINUTE, SECOND } from '#clock.ts';
import { keep } from '#db/kept.ts';
import { hurry } from '#jobs/hurry.ts';
import type { Desk } from '#tickets/desk.ts';
import { endTrouble, noteTrouble } from '#tickets/mailbox-trouble.ts';
import type { Mailbox } from '#tickets/mailboxes.ts';
import { type Login, smtpLogin } from './login.ts';
import { createSender, type Sender, type SendOutcome } from './send.ts';
import { troubleOf } from './trouble.ts';

/** The account an address sends through. */
export interface Account {
  mailbox: Mailbox;
  send(mail: { from: string; to: string[]; bytes: Uint8Array }): Promise<SendOutcome>;
}

export type Readiness = { kind: 'ready'; account: Account } | { kind: 'waits'; until: Date; response: string };

export interface Senders {
  /** Asked before a mail is marked as being sent: an account may be paused, or its pace spent. */
  accountFor(address: string): Promise<Readiness>;
  close(): void;
  /** Hangs up in the middle of whatever is being sent. */
  breakOff(): void;
}

/** A paused account is tried with one mail so often: what was refused may have been mended at the server. */
const TRY_PAUSED_EVERY = 10 * MINUTE;
/** So long a mail waits for its turn here; longer, and it makes room for another account's. */
const MAX_TURN_WAIT = 2 * SECOND;

interface Open {
  sender: Sender;
  /** Of which version, and with which login. */
  key: string;
}

export function createSenders(desk: Desk): Senders {
  const opened = new Map<number, Open>();
  const turns = new Map<number, Date>();

  async function senderOf(mailbox: Mailbox): Promise<Sender> {
    const login = await smtpLogin(desk, mailbox);
    const key = `${mailbox.version} ${loginKey(login)}`;
    const known = opened.get(mailbox.id);
    if (known?.key === key) return known.sender;
    known?.sender.close();
    const { smtpHost, smtpPort: port, smtpSecurity: security } = mailbox;
    const sender = createSender({ host: smtpHost ?? '', port, security, login });
    opened.set(mailbox.id, { sender, key });
    return sender;
  }

  /** When this account may send its next mail; at once, where no pace is set. */
  function nextTurn({ id, smtpPerMinute }: Mailbox): Date {
    const now = desk.clock.now();
    const last = turns.get(id);
    if (!smtpPerMinute || !last || last < later(now, -MINUTE / smtpPerMinute)) return now;
    return later(last, MINUTE / smtpPerMinute);
  }

  return {
    async accountFor(address) {
      const mailbox = await mailboxOf(desk, address);
      if (!mailbox) return { kind: 'waits', until: later(desk.clock.now(), TRY_PAUSED_EVERY), response: `no server sends for ${address}` };
      const turn = nextTurn(mailbox);
      if (turn > later(desk.clock.now(), MAX_TURN_WAIT))
        return { kind: 'waits', until: turn, response: 'waits for the pace of its account' };
      turns.set(mailbox.id, turn);
      const resting = await restsUntil(desk, mailbox);
      if (resting) return resting;
      try {
        const sender = await senderOf(mailbox);
        const send: Account['send'] = async (mail) => heed(desk, mailbox, await sender.send(mail));
        return { kind: 'ready', account: { mailbox, send } };
      } catch (error) {
        // The login itself could not be had: an OAuth2 grant that ended, a secret that is not known any more.
        const trouble = troubleOf(error, { host: mailbox.smtpHost ?? '', port: mailbox.smtpPort });
        await pause(desk, mailbox, trouble);
        return { kind: 'waits', until: later(desk.clock.now(), TRY_PAUSED_EVERY), response: trouble.key };
      }
    },
    close() {
      for (const { sender } of opened.values()) sender.close();
    },
    breakOff() {
      for (const { sender } of opened.values()) sender.breakOff();
    },
  };
}

function loginKey(login: Login | null): string {
  return login === null ? '' : JSON.stringify(login);
}

const OF_ADDRESS = keep<{ address: string }, { mailbox: Mailbox }[]>((reader, { address }) => {
  const { mailboxes, addresses } = reader.tables;
  return reader
    .select({ mailbox: mailboxes })
    .from(addresses)
    .innerJoin(mailboxes, eq(mailboxes.id, addresses.mailboxId))
    .where(eq(addresses.address, address));
});

const OF_ENVIRONMENT = keep<Record<string, never>, Mailbox[]>((reader) => {
  const { mailboxes } = reader.tables;
  return reader.select().from(mailboxes).where(eq(mailboxes.isFromEnvironment, true));
});

/** Its own, where one is set that sends; else the environment's. */
async function mailboxOf(desk: Desk, address: string): Promise<Mailbox | undefined> {
  const [own] = await desk.db.ask(OF_ADDRESS, { address });
  if (own?.mailbox.smtpHost && own.mailbox.isEnabled) return own.mailbox;
  const [environment] = await desk.db.ask(OF_ENVIRONMENT, {});
  return environment?.smtpHost ? environment : undefined;
}

/** Null when it may be tried. Of those that come while it is paused one may find out whether it works again. */
async function restsUntil(desk: Desk, { id, smtpPausedAt, smtpTrouble }: Mailbox): Promise<Readiness | null> {
  if (!smtpPausedAt) return null;
  const now = desk.clock.now();
  const response = `its account can't send: ${smtpTrouble?.key ?? 'paused'}`;
  const until = later(smtpPausedAt, TRY_PAUSED_EVERY);
  if (until > now) return { kind: 'waits', until, response };
  const { mailboxes } = desk.db.tables;
  const taken = await desk.db.transaction('try paused account', (tx) =>
    tx
      .update(mailboxes)
      .set({ smtpPausedAt: now })
      .where(and(eq(mailboxes.id, id), eq(mailboxes.smtpPausedAt, smtpPausedAt)))
      .returning({ id: mailboxes.id }),
  );
  return taken.length > 0 ? null : { kind: 'waits', until: later(now, TRY_PAUSED_EVERY), response };
}

/** Remembers what this says about the account. */
async function heed(desk: Desk, mailbox: Mailbox, outcome: SendOutcome): Promise<SendOutcome> {
  const trouble = outcome.kind === 'temporary' ? outcome.trouble : undefined;
  try {
    if (trouble) await pause(desk, mailbox, trouble);
    else if (outcome.kind !== 'unknown' && (mailbox.smtpPausedAt || mailbox.smtpTrouble)) await resume(desk, mailbox);
  } catch (error) {
    desk.log.error({ error, mailbox: mailbox.id }, 'What is wrong with an account could not be written down.');
  }
  return outcome;
}

async function pause(desk: Desk, { id }: Mailbox, trouble: Parameters<typeof noteTrouble>[3]): Promise<void> {
  desk.log.warn({ mailbox: id, trouble: trouble.key }, 'An account could not send.');
  await noteTrouble(desk, id, 'smtp', trouble);
  if (!trouble.isLasting) return;
  const { mailboxes } = desk.db.tables;
  await desk.db.transaction('pause account', (tx) =>
    tx
      .update(mailboxes)
      .set({ smtpPausedAt: desk.clock.now() })
      .where(and(eq(mailboxes.id, id), isNull(mailboxes.smtpPausedAt))),
  );
}

async function resume(desk: Desk, { id }: Mailbox): Promise<void> {
  const { mailboxes } = desk.db.tables;
  await desk.db.transaction('resume account', (tx) => tx.update(mailboxes).set({ smtpPausedAt: null }).where(eq(mailboxes.id, id)));
  await endTrouble(desk, id, 'smtp');
  // What waits for this account need not wait for its time.
  await hurry(desk, 'deliver.mail');
}
