import type { MailboxAuth, MailSecurity } from '#db/words.ts';
import type { NewRow } from '#db/schema.ts';
import type { Desk } from './desk.ts';
import { type Mailbox, sealedFor } from './mailboxes.ts';

/** Where a mailbox lies and how it is logged in to, as an admin gives it. */
export interface MailboxLogin {
  name: string;
  auth: MailboxAuth;
  userName: string;
  /** The password, or what OAuth2 needs as JSON. Null: as it was. */
  secret: string | null;
  imap: MailPlace | null;
  smtp: MailPlace | null;
  /** Where sending has a login of its own; a null password: as it was. */
  smtpLogin: { userName: string; password: string | null } | null;
}

export interface MailPlace {
  host: string;
  port: number;
  security: MailSecurity;
}

/** Its columns but for the name, with what is secret sealed for this row alone. */
export function loginColumns(desk: Desk, id: number, login: MailboxLogin, before?: Mailbox): Partial<NewRow<'mailboxes'>> {
  const { auth, userName, secret, imap, smtp, smtpLogin } = login;
  return {
    auth,
    userName,
    secret: secret === null ? (before?.secret ?? null) : desk.seal.close(sealedFor('secret', id), secret),
    imapHost: imap?.host ?? null,
    ...(imap ? { imapPort: imap.port, imapSecurity: imap.security } : {}),
    smtpHost: smtp?.host ?? null,
    ...(smtp ? { smtpPort: smtp.port, smtpSecurity: smtp.security } : {}),
    smtpUserName: smtpLogin?.userName ?? null,
    smtpSecret: smtpSecretOf(desk, id, smtpLogin, before),
  };
}

function smtpSecretOf(desk: Desk, id: number, smtpLogin: MailboxLogin['smtpLogin'], before?: Mailbox): string | null {
  if (!smtpLogin) return null;
  if (smtpLogin.password === null) return before?.smtpSecret ?? null;
  return desk.seal.close(sealedFor('smtpSecret', id), smtpLogin.password);
}

/** Another mailbox or folder is read from now on. What the first one imported at its connection is no wish about this one. */
export function anew(before: Mailbox): Partial<NewRow<'mailboxes'>> {
  return { uidValidity: null, lastUid: null, readAt: null, ...(before.lastUid === null ? {} : { importDays: 0 }) };
}

/** For the audit log: where and as whom, and whether a secret was given, but not which. */
export function toldOfLogin({ name, auth, userName, secret, imap, smtp, smtpLogin }: MailboxLogin) {
  return {
    name,
    auth,
    userName,
    imap: imap ? placeWords(imap) : null,
    smtp: smtp ? placeWords(smtp) : null,
    smtpUserName: smtpLogin?.userName ?? null,
    isSecretGiven: secret !== null || (smtpLogin?.password ?? null) !== null,
  };
}

function placeWords({ host, port, security }: MailPlace): string {
  return `${host}:${port} ${security}`;
}
