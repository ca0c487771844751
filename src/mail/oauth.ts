import { and, eq } from 'drizzle-orm';
import { later, MINUTE, SECOND } from '#clock.ts';
import type { Desk } from '#tickets/desk.ts';
import { type Mailbox, mailboxById, sealedFor } from '#tickets/mailboxes.ts';
import { type Grant, grant } from './oauth-grant.ts';
import { type Granted, OAuthRefused, requestToken } from './oauth-request.ts';

interface Known {
  /** The sealed grant it came by: another one in the row, and it counts no more. */
  secret: string;
  accessToken: string;
  until: Date;
}

/** A token that ends while somebody logs in with it is no use. */
const EARLY = 5 * MINUTE;

const known = new Map<number, Known>();
const asking = new Map<number, Promise<Known>>();

/** An access token for a mailbox's user: the one we have while it lasts, else a new one. Those who ask together ask once. */
export async function accessTokenOf(desk: Desk, mailbox: Mailbox): Promise<string> {
  const held = known.get(mailbox.id);
  if (held && held.secret === mailbox.secret && held.until > later(desk.clock.now(), EARLY)) return held.accessToken;
  let under = asking.get(mailbox.id);
  if (!under) {
    under = renew(desk, mailbox).finally(() => asking.delete(mailbox.id));
    asking.set(mailbox.id, under);
  }
  const renewed = await under;
  known.set(mailbox.id, renewed);
  return renewed.accessToken;
}

async function renew(desk: Desk, mailbox: Mailbox): Promise<Known> {
  try {
    return await ask(desk, mailbox);
  } catch (error) {
    // Another node may have been given another refresh token meanwhile, which ended ours.
    const now = await mailboxById(desk.db, mailbox.id);
    if (!(error instanceof OAuthRefused) || error.code !== 'invalid_grant' || !now || now.secret === mailbox.secret) throw error;
    return ask(desk, now);
  }
}

async function ask(desk: Desk, mailbox: Mailbox): Promise<Known> {
  const given = openGrant(desk, mailbox);
  const now = desk.clock.now();
  const granted = await requestToken(given, { userName: mailbox.userName, now });
  const secret = await keepRotated(desk, mailbox, { given, granted });
  return { secret, accessToken: granted.accessToken, until: later(now, granted.expiresInSeconds * SECOND) };
}

function openGrant(desk: Desk, { id, secret }: Mailbox): Grant {
  if (secret === null) throw new OAuthRefused('tiketti', 'invalid_grant', 'nobody has signed in yet');
  return grant.parse(JSON.parse(desk.seal.open(sealedFor('secret', id), secret)));
}

/** A new refresh token is written down before its access token is used: losing it would mean signing in again. */
async function keepRotated(desk: Desk, { id, secret }: Mailbox, { given, granted }: { given: Grant; granted: Granted }): Promise<string> {
  const before = secret ?? '';
  if (!('refreshToken' in given) || granted.refreshToken === null || granted.refreshToken === given.refreshToken) return before;
  const next = desk.seal.close(sealedFor('secret', id), JSON.stringify({ ...given, refreshToken: granted.refreshToken }));
  const { mailboxes } = desk.db.tables;
  const written = await desk.db.transaction('keep refresh token', (tx) =>
    tx
      .update(mailboxes)
      .set({ secret: next })
      .where(and(eq(mailboxes.id, id), eq(mailboxes.secret, before)))
      .returning({ id: mailboxes.id }),
  );
  // An admin has signed in anew, or another node was given one as well: theirs stays.
  return written.length > 0 ? next : before;
}
