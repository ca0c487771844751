import { expect, test } from 'vitest';
import { LANGUAGES, translator } from '#i18n.ts';
import { addressView } from '#modals/address.ts';
import type { Grant } from '#mail/oauth-grant.ts';
import { readGoogleJson } from '#modals/mailbox-credentials.ts';
import { loginView } from '#modals/mailbox-login.ts';
import { parseLogin } from '#modals/mailbox-login-parse.ts';
import { settingsView } from '#modals/mailbox-settings.ts';
import { testingView, triedView } from '#modals/mailbox-tried.ts';
import { MAILBOX_AUTHS } from '#db/words.ts';
import { FIRST } from '#slack/home/state.ts';
import type { Mailbox } from '#tickets/mailboxes.ts';
import { validateView } from '../../playground/blocks/validate.ts';

const HOSTILE = '<!channel> <@U0BOSS> <https://bank.test|click> & *b* `c`' + '&<>'.repeat(60);
const KEY = '-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n';

const mailbox: Mailbox = {
  id: 7,
  name: HOSTILE.slice(0, 80),
  isFromEnvironment: false,
  isEnabled: true,
  auth: 'password',
  userName: HOSTILE.slice(0, 200),
  secret: 'sealed',
  imapHost: 'imap.pohjola.test',
  imapPort: 993,
  imapSecurity: 'tls',
  folder: HOSTILE.slice(0, 200),
  afterwards: 'move',
  afterwardsFolder: HOSTILE.slice(0, 200),
  importDays: 3,
  trustedAuthservIds: ['mx.pohjola.test'],
  areInternalSendersAuthenticated: true,
  uidValidity: null,
  lastUid: null,
  readAt: null,
  imapTrouble: null,
  smtpHost: 'smtp.pohjola.test',
  smtpPort: 587,
  smtpSecurity: 'starttls',
  smtpUserName: 'out',
  smtpSecret: 'sealed too',
  smtpPerMinute: 30,
  keepsSentCopies: true,
  sentFolder: 'Sent',
  dkimDomain: 'pohjola.test',
  dkimSelector: 's1',
  dkimKey: 'sealed three',
  smtpTrouble: null,
  smtpPausedAt: null,
  version: 3,
  createdAt: new Date(0),
  updatedAt: new Date(0),
};

/** What Slack would send for a form filled in so. */
const typed = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([block, value]) => [block, { value: { type: 'plain_text_input', value } }]));

test.each(LANGUAGES)('Slack takes every form and every answer of a test in %s, whatever a mailbox is called', (language) => {
  const t = translator(language);
  const trouble = { key: 'login', params: { host: HOSTILE, words: HOSTILE }, isLasting: true };
  const read = { folders: 5, hasIdle: true, mails: 21, percentFull: 95, authservId: 'mx.other.test' };
  const many = new Map(Array.from({ length: 200 }, (_, id) => [id + 1, HOSTILE.slice(0, 80)] as const));
  const address = {
    id: 1,
    address: HOSTILE,
    displayName: 'x',
    groupId: 200,
    language: 'fi',
    mailboxId: 150,
    isDefault: true,
    createdAt: new Date(0),
  };
  const views = [
    ...MAILBOX_AUTHS.flatMap((kind) => [
      loginView({ kind, mailbox: null, client: null, home: FIRST }, t),
      loginView({ kind, mailbox: { ...mailbox, auth: kind }, client: { tenant: 'x', clientId: 'y' }, home: FIRST }, t),
    ]),
    settingsView({ mailbox, home: FIRST }, t),
    testingView({ mailbox, home: FIRST }, t),
    triedView({ mailbox, tried: { imap: { ok: read }, smtp: { trouble } }, home: FIRST }, t),
    triedView({ mailbox: { ...mailbox, isFromEnvironment: true }, tried: { imap: { ok: read }, smtp: null }, home: FIRST }, t),
    addressView({ address, groups: many, mailboxes: many, home: FIRST }, t),
  ];
  for (const view of views) expect(validateView(view, 'modal')).toEqual([]);
  const text = JSON.stringify(views);
  expect(text.includes('sealed')).toBe(false);
  // Only mrkdwn could mention or link; plain text is shown as it is.
  const marked = [...text.matchAll(/"type":"mrkdwn","text":"((?:[^"\\]|\\.)*)"/g)].map(([, words = '']) => words);
  expect(marked.filter((words) => /<[!@#h]/.test(words))).toEqual([]);
});

test('Google’s key file and a client with a refresh token are both understood, and nothing else', () => {
  const file = JSON.stringify({ type: 'service_account', client_email: 'desk@x.iam.gserviceaccount.com', private_key: KEY, extra: 1 });
  expect(readGoogleJson(file)).toEqual({ kind: 'google-service', clientEmail: 'desk@x.iam.gserviceaccount.com', privateKey: KEY.trim() });
  const client = JSON.stringify({ client_id: 'a', client_secret: 'b', refresh_token: 'c' });
  expect(readGoogleJson(client)).toEqual({ kind: 'google-refresh', clientId: 'a', clientSecret: 'b', refreshToken: 'c' });
  for (const text of ['', 'password', '{}', '[]', '{"client_id":"a"}', file.slice(0, -1)]) expect(readGoogleJson(text)).toBeNull();
});

test('Google’s mailbox is read and sent through at Google, whatever else is typed', () => {
  const state = typed({
    name: 'Gmail',
    user_name: 'desk@pohjola.test',
    import_days: '14',
    imap_host: 'evil.test',
    credentials: JSON.stringify({ client_id: 'a', client_secret: 'b', refresh_token: 'c' }),
  });
  expect(parseLogin(state, { kind: 'google', before: null, credentials: null })).toMatchObject({
    beginning: { folder: 'INBOX', importDays: 14 },
    login: { auth: 'google', imap: { host: 'imap.gmail.com', port: 993 }, smtp: { host: 'smtp.gmail.com', port: 587 }, smtpLogin: null },
  });
});

test('of Microsoft’s login one part is changed and the others stay', () => {
  const credentials: Grant = { kind: 'microsoft-refresh', tenant: 't', clientId: 'c', clientSecret: 'old', refreshToken: 'r' };
  const before = { ...mailbox, auth: 'microsoft' as const };
  const base = { name: 'M', user_name: 'desk@pohjola.test', tenant: 't', client_id: 'c' };
  const changed = parseLogin(typed({ ...base, client_secret: 'new' }), { kind: 'microsoft', before, credentials });
  expect('login' in changed && JSON.parse(changed.login.secret ?? '')).toEqual({ ...credentials, clientSecret: 'new' });
  const fresh = parseLogin(typed({ ...base, import_days: '0' }), { kind: 'microsoft', before: null, credentials: null });
  expect(fresh).toEqual({ errors: { client_secret: 'mailboxes:error.client_secret' } });
});

test('a login nothing was changed in is not written again, and one may be signed in for later', () => {
  const credentials: Grant = { kind: 'microsoft-refresh', tenant: 't', clientId: 'c', clientSecret: 'old', refreshToken: 'r' };
  const base = { name: 'M', user_name: 'desk@pohjola.test', import_days: '0' };
  const kept = parseLogin(typed({ ...base, tenant: 't', client_id: 'c' }), { kind: 'microsoft', before: mailbox, credentials });
  expect(kept).toMatchObject({ login: { secret: null } });
  for (const kind of ['google', 'microsoft'] as const)
    expect(parseLogin(typed(base), { kind, before: null, credentials: null })).toMatchObject({ login: { auth: kind, secret: null } });
});
