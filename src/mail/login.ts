import type { Desk } from '#tickets/desk.ts';
import { type Mailbox, sealedFor } from '#tickets/mailboxes.ts';
import { accessTokenOf } from './oauth.ts';

/** With what a server is logged in to: a password, or an OAuth2 access token in its place. */
export type Login = { user: string; password: string } | { user: string; accessToken: string };

/** Null where the server asks for no login. */
export async function imapLogin(desk: Desk, mailbox: Mailbox): Promise<Login | null> {
  if (mailbox.auth !== 'password') return { user: mailbox.userName, accessToken: await accessTokenOf(desk, mailbox) };
  if (mailbox.userName === '' || mailbox.secret === null) return null;
  return { user: mailbox.userName, password: desk.seal.open(sealedFor('secret', mailbox.id), mailbox.secret) };
}

/** SMTP's own login, where it has one; else the one for reading. */
export async function smtpLogin(desk: Desk, mailbox: Mailbox): Promise<Login | null> {
  if (mailbox.auth !== 'password' || mailbox.smtpUserName === null || mailbox.smtpSecret === null) return imapLogin(desk, mailbox);
  if (mailbox.smtpUserName === '') return null;
  return { user: mailbox.smtpUserName, password: desk.seal.open(sealedFor('smtpSecret', mailbox.id), mailbox.smtpSecret) };
}
