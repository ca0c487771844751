import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSeal } from '#seal.ts';
import type { Database } from '#db/database.ts';
import { sealedFor } from '#tickets/mailboxes.ts';
import { freshSqliteUrl, openTest } from '../support/databases.ts';
import { type OAuthProvider, startOAuthProvider } from '../support/oauth-provider.ts';
import { run, spawnCommand } from '../faults/command.ts';

// Processes of their own take their time where many run.
vi.setConfig({ testTimeout: 60_000 });

const SECRET = 'a'.repeat(64);

let provider: OAuthProvider;
let url: string;
let db: Database;
beforeEach(async () => {
  provider = await startOAuthProvider();
  url = await freshSqliteUrl();
  db = await openTest(url);
  const at = new Date();
  const row = { name: 'Support', userName: 'support@pohjola.test', trustedAuthservIds: [], smtpPausedAt: at, createdAt: at, updatedAt: at };
  await db.transaction('test', (tx) => tx.insert(tx.tables.mailboxes).values(row));
});
afterEach(async () => {
  await db.close();
  await provider.stop();
});

function begin(...more: string[]) {
  const args = ['mailbox', 'authorize', 'Support', '--provider', 'google', '--client-id', 'client', '--port', '0'];
  const child = spawnCommand([...args, '--token-url', provider.tokenUrl, ...more], {
    environment: { DATABASE_URL: url, TIKETTI_SECRET: SECRET, OAUTH_CLIENT_SECRET: 'client-secret' },
  });
  const shown = new Promise<URL>((resolve) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (words: string) => {
      said += words;
      const found = /https:\/\/\S+/.exec(said);
      if (found && said.endsWith('\n\n')) resolve(new URL(found[0]));
    });
  });
  return { shown, ended: Promise.all([text(child.stdout), once(child, 'exit')]) };
}

/** What the provider's page does when somebody has said yes, or no. */
const back = (address: URL, answer: Record<string, string>) =>
  fetch(`${address.searchParams.get('redirect_uri')}?${new URLSearchParams(answer).toString()}`);

test('who signs in gives the mailbox its grant, sealed, and what waited goes on', async () => {
  provider.answer({ body: JSON.stringify({ access_token: 'a', expires_in: 3_600, refresh_token: 'refresh-1' }) });
  const { shown, ended } = begin();
  const address = await shown;
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    response_type: 'code',
    client_id: 'client',
    scope: 'https://mail.google.com/',
    access_type: 'offline',
    login_hint: 'support@pohjola.test',
    code_challenge_method: 'S256',
  });
  const answered = await back(address, { code: 'code-1', state: address.searchParams.get('state') ?? '' });
  expect(await answered.text()).toContain('Signed in');
  const [out, [code]] = await ended;
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({ mailbox: 'Support', auth: 'google' });
  const [mailbox] = await db.select().from(db.tables.mailboxes);
  expect(mailbox).toMatchObject({ auth: 'google', version: 2, smtpPausedAt: null });
  expect(JSON.parse(createSeal([SECRET]).open(sealedFor('secret', mailbox?.id ?? 0), mailbox?.secret ?? ''))).toMatchObject({
    kind: 'google-refresh',
    clientId: 'client',
    clientSecret: 'client-secret',
    refreshToken: 'refresh-1',
  });
  const [asked] = provider.asked;
  expect(asked).toMatchObject({ grant_type: 'authorization_code', code: 'code-1' });
  const challenge = createHash('sha256')
    .update(asked?.['code_verifier'] ?? '')
    .digest('base64url');
  expect(address.searchParams.get('code_challenge')).toBe(challenge);
});

test('an answer somebody else sends to the port changes nothing, and a refusal is told', async () => {
  const { shown, ended } = begin();
  const address = await shown;
  expect((await back(address, { code: 'stolen', state: 'guessed' })).status).toBe(404);
  await back(address, { error: 'access_denied', error_description: 'The person said no', state: address.searchParams.get('state') ?? '' });
  const [out, [code]] = await ended;
  expect({ out, code }).toEqual({ out: '', code: 1 });
  expect(provider.asked).toEqual([]);
  expect((await db.select().from(db.tables.mailboxes))[0]).toMatchObject({ auth: 'password', version: 1 });
});

test('a mailbox that is not there is named', async () => {
  const { code, err } = await run(['mailbox', 'authorize', 'Sales', '--provider', 'google', '--client-id', 'x'], {
    environment: { DATABASE_URL: url, TIKETTI_SECRET: SECRET },
  });
  expect({ code, err: err.trim() }).toEqual({ code: 1, err: 'There is no mailbox named Sales.' });
});
