import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE } from '#clock.ts';
import { change } from '#tickets/desk.ts';
import { eventually } from '../support/eventually.ts';
import { settableClock, type SettableClock } from '../support/desk.ts';
import { startTestHouse, type TestHouse } from '../support/house.ts';

let house: TestHouse;
let clock: SettableClock;
beforeAll(async () => {
  clock = settableClock(new Date().toISOString());
  house = await startTestHouse({ clock });
});
afterAll(() => house.stop());

const ask = (path: string, options: RequestInit = {}) => fetch(`http://127.0.0.1:${house.webPort}${path}`, options);

interface Ready {
  status: number;
  ready: boolean;
  checks: Record<string, { ok: boolean; why?: string }>;
}

async function readiness(): Promise<Ready> {
  const response = await ask('/readyz');
  return { status: response.status, ...((await response.json()) as Omit<Ready, 'status'>) };
}

/** Answers are kept for a second. */
const readyWhen = (fits: (answer: Ready) => boolean) =>
  eventually(async () => {
    const answer = await readiness();
    return fits(answer) ? answer : null;
  });

test('whoever asks whether the server lives hears that it does', async () => {
  const response = await ask('/healthz');
  expect({ status: response.status, text: await response.text() }).toEqual({ status: 200, text: 'alive\n' });
});

test('an open house is ready, and says how each thing it needs is', async () => {
  const answer = await readyWhen(({ ready }) => ready);
  expect(answer.status).toBe(200);
  expect(Object.keys(answer.checks)).toEqual(['database', 'migrations', 'slack', 'mailboxes']);
});

test('without Slack it is not ready, and ready again when Slack is back', async () => {
  await readyWhen(({ ready }) => ready);
  house.playground.faults.calls({ method: 'apps.connections.open', kind: 'error', error: 'internal_error', times: 2 });
  house.playground.sockets.cut();
  const answer = await readyWhen(({ ready }) => !ready);
  expect(answer).toMatchObject({ status: 503, checks: { database: { ok: true }, slack: { ok: false, why: 'Slack is not connected.' } } });
  await readyWhen(({ ready }) => ready);
  expect(house.lines.filter((line) => line.includes('"Not ready."'))).toHaveLength(1);
});

test('a mailbox that nobody has read for ten minutes is named; one that is switched off or only sends is not', async () => {
  const { mailboxes } = house.desk.db.tables;
  const now = clock.now();
  const row = (name: string, more: Partial<typeof mailboxes.$inferInsert>) => ({
    name,
    imapHost: 'imap.pohjola.test',
    trustedAuthservIds: [],
    readAt: null,
    createdAt: now,
    updatedAt: now,
    ...more,
  });
  await change(house.desk, 'test mailboxes', async (tx) => {
    const read = { readAt: new Date(now.getTime() - 9 * MINUTE) };
    await tx.insert(mailboxes).values([row('read', read), row('off', { isEnabled: false }), row('sends', { imapHost: null })]);
  });
  expect(await readyWhen(({ ready }) => ready)).toMatchObject({ checks: { mailboxes: { ok: true } } });
  clock.advance(2 * MINUTE);
  const answer = await readyWhen(({ ready }) => !ready);
  expect(answer.checks['mailboxes']?.why).toMatch(/^read was last read at 20.*Z\.$/);
  await change(house.desk, 'test mailboxes', async (tx) => {
    await tx.update(mailboxes).set({ readAt: null }).where(eq(mailboxes.name, 'read'));
  });
  await readyWhen(({ checks }) => checks['mailboxes']?.why === 'read was never read.');
  await change(house.desk, 'test mailboxes', async (tx) => void (await tx.delete(mailboxes)));
});

test('a path nobody answers is not found, in plain words and without a word of who answers', async () => {
  const response = await ask('/slack/events', { method: 'POST', body: '{}' });
  expect({ status: response.status, text: await response.text() }).toEqual({ status: 404, text: 'Not found\n' });
  const { headers } = response;
  expect(headers.get('server')).toBeNull();
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('content-type')).toMatch(/^text\/plain/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
});
