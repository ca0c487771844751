import { generateKeyPairSync, createVerify } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MINUTE } from '#clock.ts';
import { imapLogin } from '#mail/login.ts';
import { type Grant, readGrant } from '#mail/oauth-grant.ts';
import { troubleOf } from '#mail/trouble.ts';
import { createSender } from '#mail/send.ts';
import { type Mailbox, mailboxById, sealedFor } from '#tickets/mailboxes.ts';
import { type Subject, describeDatabases } from '../support/databases.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';
import { freePort } from '../support/free-port.ts';
import { type OAuthProvider, startOAuthProvider } from '../support/oauth-provider.ts';
import { startSink } from '../support/sink.ts';

const PLACE = { host: 'imap.gmail.com', port: 993 };

let provider: OAuthProvider;
beforeEach(async () => {
  provider = await startOAuthProvider();
});
afterEach(() => provider.stop());

async function mailboxWith(desk: TestDesk, given: Grant): Promise<Mailbox> {
  const { mailboxes } = desk.db.tables;
  const now = desk.clock.now();
  const auth = given.kind.startsWith('google') ? ('google' as const) : ('microsoft' as const);
  const row = {
    name: 'support',
    auth,
    userName: 'support@pohjola.test',
    imapHost: PLACE.host,
    trustedAuthservIds: [],
    createdAt: now,
    updatedAt: now,
  };
  const id = await desk.db.transaction('test', async (tx) => {
    const [made] = await tx.insert(mailboxes).values(row).returning();
    const secret = desk.seal.close(sealedFor('secret', made?.id ?? 0), JSON.stringify(given));
    await tx.update(mailboxes).set({ secret });
    return made?.id ?? 0;
  });
  return (await mailboxById(desk.db, id)) as Mailbox;
}

const refreshing = (): Grant => ({
  kind: 'google-refresh',
  clientId: 'client',
  clientSecret: 'client-secret',
  refreshToken: 'refresh-1',
  tokenUrl: provider.tokenUrl,
});
const again = async (desk: TestDesk, { id }: Mailbox) => imapLogin(desk, (await mailboxById(desk.db, id)) as Mailbox);

describeDatabases('signing in with OAuth2', (subject: Subject) => {
  test('those who ask together ask the provider once, and a token is used until shortly before it ends', async () => {
    const desk = await testDesk(subject.db);
    const mailbox = await mailboxWith(desk, refreshing());
    const logins = await Promise.all([1, 2, 3].map(() => imapLogin(desk, mailbox)));
    expect(logins).toEqual(Array.from({ length: 3 }, () => ({ user: 'support@pohjola.test', accessToken: 'token-1' })));
    desk.clock.advance(50 * MINUTE);
    expect(await again(desk, mailbox)).toMatchObject({ accessToken: 'token-1' });
    desk.clock.advance(6 * MINUTE);
    expect(await again(desk, mailbox)).toMatchObject({ accessToken: 'token-2' });
    expect(provider.asked[0]).toEqual({
      grant_type: 'refresh_token',
      client_id: 'client',
      client_secret: 'client-secret',
      refresh_token: 'refresh-1',
    });
  });

  test('a refresh token that is replaced is written down, sealed, and the new one is used from then on', async () => {
    const desk = await testDesk(subject.db);
    const mailbox = await mailboxWith(desk, { ...refreshing(), kind: 'microsoft-refresh', tenant: 'pohjola' } as Grant);
    provider.answer({ body: JSON.stringify({ access_token: 'a', expires_in: 60, refresh_token: 'refresh-2' }) });
    await imapLogin(desk, mailbox);
    const row = await mailboxById(desk.db, mailbox.id);
    expect(row?.secret).not.toBe(mailbox.secret);
    expect(JSON.stringify(row)).not.toContain('refresh-2');
    expect(row?.version).toBe(mailbox.version);
    await again(desk, mailbox);
    expect(provider.asked.map((form) => form['refresh_token'])).toEqual(['refresh-1', 'refresh-2']);
  });

  test('a grant another node replaced meanwhile is taken up before anybody is told that it ended', async () => {
    const desk = await testDesk(subject.db);
    const before = await mailboxWith(desk, refreshing());
    const next = desk.seal.close(sealedFor('secret', before.id), JSON.stringify({ ...refreshing(), refreshToken: 'refresh-2' }));
    await desk.db.transaction('other node', (tx) => tx.update(tx.tables.mailboxes).set({ secret: next }));
    provider.answer({ status: 400, body: JSON.stringify({ error: 'invalid_grant' }) });
    expect(await imapLogin(desk, before)).toMatchObject({ accessToken: 'token-1' });
    expect(provider.asked.map((form) => form['refresh_token'])).toEqual(['refresh-1', 'refresh-2']);
  });

  test.each([
    [
      'invalid_grant',
      { status: 400, body: '{"error":"invalid_grant","error_description":"Token has been expired or revoked."}' },
      'oauth_ended',
      true,
    ],
    [
      'invalid_client',
      { status: 401, body: '{"error":"invalid_client","error_description":"The secret has expired."}' },
      'oauth_client',
      true,
    ],
    ['another refusal', { status: 400, body: '{"error":"consent_required"}' }, 'oauth', true],
    ['a page instead of an answer', { status: 502, body: '<html>Bad gateway</html>' }, 'oauth_unreachable', false],
  ] as const)('%s is told as what it is, without a secret', async (_name, answer, key, isLasting) => {
    const desk = await testDesk(subject.db);
    const mailbox = await mailboxWith(desk, refreshing());
    provider.answer(answer);
    const error = await imapLogin(desk, mailbox).catch((caught: unknown) => caught);
    const trouble = troubleOf(error, PLACE);
    expect(trouble).toMatchObject({ key, isLasting });
    expect(JSON.stringify([trouble, String(error), desk.log.lines])).not.toMatch(/refresh-1|client-secret/);
  });

  test('a provider that is away is not taken for a refusal', async () => {
    const desk = await testDesk(subject.db);
    const mailbox = await mailboxWith(desk, { ...refreshing(), tokenUrl: `http://127.0.0.1:${await freePort()}/token` });
    const error = await imapLogin(desk, mailbox).catch((caught: unknown) => caught);
    expect(troubleOf(error, PLACE)).toMatchObject({ key: 'oauth_unreachable', isLasting: false });
  });

  test('a service account signs in the name of the mailbox’s user', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const desk = await testDesk(subject.db);
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const mailbox = await mailboxWith(desk, {
      kind: 'google-service',
      clientEmail: 'desk@project.test',
      privateKey: pem,
      tokenUrl: provider.tokenUrl,
    });
    await imapLogin(desk, mailbox);
    const [head = '', body = '', signature = ''] = provider.asked[0]?.['assertion']?.split('.') ?? [];
    expect(createVerify('RSA-SHA256').update(`${head}.${body}`).verify(publicKey, signature, 'base64url')).toBe(true);
    expect(JSON.parse(Buffer.from(body, 'base64url').toString())).toMatchObject({
      iss: 'desk@project.test',
      sub: 'support@pohjola.test',
      scope: 'https://mail.google.com/',
      aud: provider.tokenUrl,
    });
  });

  test('an app of a Microsoft tenant asks for itself', async () => {
    const desk = await testDesk(subject.db);
    const mailbox = await mailboxWith(desk, {
      kind: 'microsoft-app',
      tenant: 'pohjola',
      clientId: 'app',
      clientSecret: 'x',
      tokenUrl: provider.tokenUrl,
    });
    await imapLogin(desk, mailbox);
    expect(provider.asked).toEqual([
      { grant_type: 'client_credentials', client_id: 'app', client_secret: 'x', scope: 'https://outlook.office365.com/.default' },
    ]);
  });
});

test('mail is sent with the token in the place of a password', async () => {
  const sink = await startSink({ token: 'token-1' });
  const login = { user: 'support@pohjola.test', accessToken: 'token-1' };
  const sender = createSender({ host: '127.0.0.1', port: sink.port, security: 'none', login });
  const outcome = await sender.send({
    from: 'support@pohjola.test',
    to: ['liisa@asiakas.test'],
    bytes: Buffer.from('Subject: x\r\n\r\nx'),
  });
  expect(outcome).toMatchObject({ kind: 'accepted' });
  const refused = createSender({ host: '127.0.0.1', port: sink.port, security: 'none', login: { ...login, accessToken: 'old' } });
  expect(await refused.send({ from: 'support@pohjola.test', to: ['liisa@asiakas.test'], bytes: Buffer.from('x') })).toMatchObject({
    kind: 'temporary',
    trouble: { key: 'login', isLasting: true },
  });
  sender.close();
  refused.close();
  await sink.stop();
});

test('what an admin pastes is taken for what it is', () => {
  const key = { type: 'service_account', project_id: 'p', client_email: 'desk@p.test', private_key: '-----BEGIN' };
  expect(readGrant(JSON.stringify(key))).toEqual({ kind: 'google-service', clientEmail: 'desk@p.test', privateKey: '-----BEGIN' });
  expect(readGrant(JSON.stringify({ kind: 'microsoft-app', tenant: 't', clientId: 'c', clientSecret: 's' }))?.kind).toBe('microsoft-app');
  expect(readGrant('{"kind":"microsoft-app"}')).toBeNull();
  expect(readGrant('not json')).toBeNull();
  const plain = { kind: 'microsoft-app', tenant: 't', clientId: 'c', clientSecret: 's', tokenUrl: 'http://evil.test/token' };
  expect(readGrant(JSON.stringify(plain))).toBeNull();
});
