import type { Grant } from '#mail/oauth-grant.ts';
import type { MailboxAuth, MailSecurity } from '#db/words.ts';
import { MAIL_SECURITIES } from '#db/words.ts';
import type { MailboxLogin, MailPlace } from '#tickets/mailbox-login.ts';
import type { Mailbox } from '#tickets/mailboxes.ts';
import { valueIn } from './fields.ts';
import { type MicrosoftGrant, readGoogleJson } from './mailbox-credentials.ts';
import { PRESETS } from './mailbox-presets.ts';
import { importDaysIn } from './mailbox-settings-parse.ts';

/** Errors are locale keys, by the block they are about. */
export type ParsedLogin = { login: MailboxLogin; beginning: { folder: string; importDays: number } } | { errors: Record<string, string> };

export interface LoginContext {
  kind: MailboxAuth;
  before: Pick<Mailbox, 'auth' | 'userName' | 'secret' | 'smtpUserName' | 'smtpSecret'> | null;
  /** What is sealed now, where it can be read: Microsoft's parts may be changed one by one. */
  credentials: Grant | null;
}

type Errors = Record<string, string>;

const HOST = /^(?:[a-z\d](?:[a-z\d._-]{0,250}[a-z\d])?|[\da-f:]*:[\da-f:.]+)$/;
const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const MAX_PORT = 65_535;

/** What was typed, field by field. */
export function parseLogin(state: unknown, context: LoginContext): ParsedLogin {
  const errors: Errors = {};
  const login = context.kind === 'password' ? passwordLogin(state, context, errors) : oauthLogin(state, context, errors);
  const beginning = { folder: valueIn(state, 'folder') ?? 'INBOX', importDays: context.before ? 0 : importDaysIn(state, errors) };
  if (login.name === '') errors['name'] = 'mailboxes:error.name';
  return Object.keys(errors).length > 0 ? { errors } : { login, beginning };
}

function passwordLogin(state: unknown, { before }: LoginContext, errors: Errors): MailboxLogin {
  const userName = valueIn(state, 'user_name') ?? '';
  const imap = placeIn(state, 'imap', errors);
  const smtp = placeIn(state, 'smtp', errors);
  if (!imap && !smtp && !errors['imap_host'] && !errors['smtp_host']) errors['imap_host'] = 'mailboxes:error.no_host';
  const password = valueIn(state, 'password') ?? null;
  const isKept = before?.auth === 'password' && before.secret !== null;
  if (userName === '' && password !== null) errors['user_name'] = 'mailboxes:error.user_name';
  if (userName !== '' && password === null && !isKept) errors['password'] = 'mailboxes:error.password';
  return { name: nameIn(state), auth: 'password', userName, secret: password, imap, smtp, smtpLogin: smtpLoginIn(state, before, errors) };
}

function smtpLoginIn(state: unknown, before: LoginContext['before'], errors: Errors): MailboxLogin['smtpLogin'] {
  const userName = valueIn(state, 'smtp_user_name');
  const password = valueIn(state, 'smtp_password') ?? null;
  if (userName === undefined) {
    if (password !== null) errors['smtp_user_name'] = 'mailboxes:error.user_name';
    return null;
  }
  if (password === null && !before?.smtpSecret) errors['smtp_password'] = 'mailboxes:error.password';
  return { userName, password };
}

function placeIn(state: unknown, side: 'imap' | 'smtp', errors: Errors): MailPlace | null {
  const host = (valueIn(state, `${side}_host`) ?? '').toLowerCase().replaceAll(/^\[|\]$/g, '');
  if (host === '') return null;
  if (!HOST.test(host)) errors[`${side}_host`] = 'mailboxes:error.host';
  const port = Number(valueIn(state, `${side}_port`));
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) errors[`${side}_port`] = 'mailboxes:error.port';
  return { host, port, security: securityOf(valueIn(state, `${side}_security`)) };
}

function securityOf(chosen: string | undefined): MailSecurity {
  return MAIL_SECURITIES.find((one) => one === chosen) ?? 'tls';
}

function oauthLogin(state: unknown, context: LoginContext, errors: Errors): MailboxLogin {
  const kind = context.kind === 'google' ? 'google' : 'microsoft';
  const userName = valueIn(state, 'user_name') ?? '';
  if (!ADDRESS.test(userName)) errors['user_name'] = 'mailboxes:error.account';
  const secret = kind === 'google' ? googleSecret(state, errors) : microsoftSecret(state, context, errors);
  const { imap, smtp } = PRESETS[kind];
  return { name: nameIn(state), auth: kind, userName, secret, imap, smtp, smtpLogin: null };
}

function googleSecret(state: unknown, errors: Errors): string | null {
  const typed = valueIn(state, 'credentials');
  // As it was; or somebody signs in for it afterwards, at the command line.
  if (typed === undefined) return null;
  const found = readGoogleJson(typed);
  if (!found) errors['credentials'] = 'mailboxes:error.google_json';
  return JSON.stringify(found);
}

/** The fields that were left empty keep what was sealed. */
function microsoftSecret(state: unknown, { credentials }: LoginContext, errors: Errors): string | null {
  const old: MicrosoftGrant | null = credentials && 'tenant' in credentials ? credentials : null;
  const typed = ['tenant', 'client_id', 'client_secret', 'refresh_token'].map((block) => valueIn(state, block));
  const isAsItWas = typed.every((value, index) => value === undefined || value === [old?.tenant, old?.clientId][index]);
  // Written again, it would undo a refresh token that was renewed meanwhile.
  if (isAsItWas) return null;
  const tenant = valueIn(state, 'tenant') ?? old?.tenant;
  const clientId = valueIn(state, 'client_id') ?? old?.clientId;
  const clientSecret = valueIn(state, 'client_secret') ?? old?.clientSecret;
  const refreshToken = valueIn(state, 'refresh_token') ?? (old?.kind === 'microsoft-refresh' ? old.refreshToken : undefined);
  if (!tenant || !HOST.test(tenant.toLowerCase())) errors['tenant'] = 'mailboxes:error.tenant';
  if (!clientId) errors['client_id'] = 'mailboxes:error.client_id';
  if (!clientSecret) errors['client_secret'] = 'mailboxes:error.client_secret';
  const app = { ...old, tenant: tenant ?? '', clientId: clientId ?? '', clientSecret: clientSecret ?? '' };
  const found: MicrosoftGrant = refreshToken ? { ...app, kind: 'microsoft-refresh', refreshToken } : { ...app, kind: 'microsoft-app' };
  return JSON.stringify(found);
}

function nameIn(state: unknown): string {
  return (valueIn(state, 'name') ?? '').replaceAll(/\s+/g, ' ');
}
