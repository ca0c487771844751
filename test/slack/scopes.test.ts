import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkSlack } from '#slack/check.ts';
import { missingScopes } from '#slack/scopes.ts';
import { type Playground, startPlayground } from '../../playground/workspace.ts';
import { eventually } from '../support/eventually.ts';
import { startTestHouse } from '../support/house.ts';
import { directTo } from './direct.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const MANIFEST = readFileSync('manifest.yml', 'utf8');
const without = (...scopes: string[]) => scopes.reduce((text, scope) => text.replace(new RegExp(`^\\s*- ${scope}\\n`, 'm'), ''), MANIFEST);

async function workspace(
  manifest: string,
): Promise<{ playground: Playground; tokens: { botToken: string; appToken: string; apiUrl: string } }> {
  const playground = await startPlayground({ manifest, rateScale: 0 });
  closing.push(() => playground.stop());
  return { playground, tokens: { botToken: playground.botToken, appToken: playground.appToken, apiUrl: playground.apiUrl } };
}

test('the scopes that are looked for are those the manifest asks for', () => {
  const asked = (parse(MANIFEST) as { oauth_config: { scopes: { bot: string[] } } }).oauth_config.scopes.bot;
  expect(missingScopes([])).toEqual(asked.toSorted());
  expect(missingScopes(asked)).toEqual([]);
});

test('a workspace that granted less is served all the same; log and admin read each scope, what fails without it, and the line to add', async () => {
  const house = await startTestHouse({ manifest: without('reactions:write', 'usergroups:read') });
  closing.push(() => house.stop());
  const told = await eventually(async () => directTo(house.playground, 'anna').find((text) => text.includes('reactions:write')));
  expect(told).toContain('`- reactions:write` – lähetetyt vastaukset eivät saa :incoming_envelope:-merkkiä.');
  expect(told).toContain('`- usergroups:read`');
  expect(told).toContain('oauth_config');
  const warned = house.lines.filter((line) => line.includes('lacks the scope'));
  expect(warned).toHaveLength(2);
  expect(warned.join()).toContain('Add the line \\"- reactions:write\\" under oauth_config → scopes → bot');
  expect(warned.join()).toContain('reinstall the app');
  await house.quiet();
  expect(directTo(house.playground, 'anna').filter((text) => text.includes('reactions:write'))).toHaveLength(1);
});

test('with everything granted nothing is said', async () => {
  const house = await startTestHouse();
  closing.push(() => house.stop());
  await house.playground.until(() =>
    house.playground.calls.some((call) => call.method === 'conversations.list' || call.method === 'users.conversations'),
  );
  await house.quiet();
  expect(house.lines.filter((line) => line.includes('lacks the scope'))).toEqual([]);
  expect(directTo(house.playground, 'anna')).toEqual([]);
});

test('both tokens can be looked at without a running house', async () => {
  const { tokens } = await workspace(MANIFEST);
  const findings = await checkSlack(tokens);
  expect(findings.map(({ level }) => level)).toEqual(['ok', 'ok', 'ok']);
});

test('missing scopes are warnings, but without chat:write there is a problem', async () => {
  const { tokens } = await workspace(without('chat:write', 'files:read'));
  const findings = await checkSlack(tokens);
  expect(findings.map(({ level, words }) => `${level} ${/lacks the scope (\S+):/.exec(words)?.[1] ?? ''}`.trim())).toEqual([
    'ok',
    'problem chat:write',
    'warning files:read',
    'ok',
  ]);
});

test('the workspace the database was not made for is a problem, and so is a token Slack does not know', async () => {
  const { tokens, playground } = await workspace(MANIFEST);
  const [other] = await checkSlack({ ...tokens, team: 'T0ELSEWHERE' });
  expect(other).toEqual({
    level: 'problem',
    words: expect.stringContaining(`T0ELSEWHERE, and SLACK_BOT_TOKEN belongs to ${playground.state.team.id}`),
  });
  const unknown = await checkSlack({ ...tokens, botToken: 'xoxb-unknown' });
  expect(unknown[0]).toEqual({ level: 'problem', words: expect.stringContaining('invalid_auth') });
  expect(JSON.stringify(unknown)).not.toContain('xoxb-');
  const nowhere = await checkSlack({ ...tokens, apiUrl: 'http://127.0.0.1:1/api/' });
  expect(nowhere.map(({ level }) => level)).toEqual(['problem', 'problem']);
});

test.each([
  ['missing_scope', 'It lacks the scope connections:write'],
  ['forbidden_team', 'Switch Socket Mode on'],
  ['invalid_auth', 'app-level token'],
])('an app token that Slack refuses with %s is told with what to do', async (code, words) => {
  const { tokens, playground } = await workspace(MANIFEST);
  playground.faults.calls({ method: 'apps.connections.open', kind: 'error', error: code });
  const findings = await checkSlack(tokens);
  expect(findings.at(-1)).toEqual({ level: 'problem', words: expect.stringContaining(words) });
});

test('where the channel’s name is taken by one nobody let us into, an admin reads what to type there', async () => {
  const house = await startTestHouse({
    environment: { TIKETTI_TRIAGE_CHANNEL: 'secret' },
    furnish: (playground) => playground.addChannel({ name: 'secret', private: true, members: [] }),
  });
  closing.push(() => house.stop());
  const told = await eventually(async () => directTo(house.playground, 'anna').find((text) => text.includes('/invite @Tiketti')));
  expect(told).toContain('#secret');
});
