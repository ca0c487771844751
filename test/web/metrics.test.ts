import { eq } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { later, MINUTE, SECOND } from '#clock.ts';
import { enqueue } from '#jobs/queue.ts';
import { change } from '#tickets/desk.ts';
import { createMetrics, type Metrics } from '#web/metrics.ts';
import { describeDatabases } from '../support/databases.ts';
import { person, mailedTicket, testDesk, type TestDesk } from '../support/desk.ts';
import { eventually } from '../support/eventually.ts';
import { receive } from '../support/receive.ts';
import { beginStory, LIISA, type Story } from '../slack/story.ts';

const NOBODY = { isConnected: () => true, depth: () => ({}), calls: () => [] };

let metrics: Metrics | undefined;
afterEach(() => {
  metrics?.close();
  metrics = undefined;
});

/** One sample's value; null when it isn't there. */
async function sample(name: string, labels: Record<string, string> = {}): Promise<number | null> {
  const text = (await metrics?.text()) ?? '';
  const line = text
    .split('\n')
    .find((one) => one.startsWith(name) && Object.entries(labels).every(([key, value]) => one.includes(`${key}="${value}"`)));
  return line ? Number(line.split(' ').at(-1)) : null;
}

const letter = (number: number, from = 'liisa@asiakas.test') =>
  [
    `From: <${from}>`,
    'To: support@pohjola.test',
    `Subject: Kassa ${number}`,
    `Message-ID: <${number}@asiakas.test>`,
    'Date: Mon, 23 Nov 2026 12:00:00 +0000',
    '',
    `Kassa ${number} ei aukea.`,
  ].join('\r\n');

const settle = (desk: TestDesk) => desk.clock.advance(20 * SECOND);

describeDatabases('metrics', (subject) => {
  const open = async () => {
    const desk = await testDesk(subject.db);
    metrics = createMetrics(desk, NOBODY, 0);
    return desk;
  };

  test('mails are counted by their fate, each once, and on over a restart', async () => {
    const desk = await open();
    await receive(desk, letter(1));
    await receive(desk, letter(2));
    settle(desk);
    expect(await sample('tiketti_mails_total', { outcome: 'created' })).toBe(2);
    expect(await sample('tiketti_mails_total', { outcome: 'created' })).toBe(2);
    metrics?.close();
    metrics = createMetrics(desk, NOBODY, 0);
    await receive(desk, letter(3));
    settle(desk);
    expect(await sample('tiketti_mails_total', { outcome: 'created' })).toBe(3);
    expect(desk.log.lines.filter(({ message }) => message.includes('measured'))).toEqual([]);
  });

  test('what waits is counted with its age: mails, work, held replies, deliveries, mailboxes', async () => {
    const desk = await open();
    const liisa = await person(desk, 'liisa@asiakas.test');
    await mailedTicket(desk, liisa);
    await change(desk, 'test mailbox', async (tx) => {
      const now = desk.clock.now();
      const row = { name: 'Tuki', imapHost: 'imap.pohjola.test', trustedAuthservIds: [], readAt: now, createdAt: now, updatedAt: now };
      await tx.insert(tx.tables.mailboxes).values(row);
    });
    desk.clock.advance(5 * MINUTE);
    expect(await sample('tiketti_deliveries', { state: 'queued', via: 'mail' })).toBe(1);
    expect(await sample('tiketti_deliveries_oldest_seconds', { via: 'mail' })).toBe(300);
    expect(await sample('tiketti_jobs', { kind: 'deliver.mail', state: 'due' })).toBe(1);
    expect(await sample('tiketti_jobs_oldest_seconds', { kind: 'deliver.mail' })).toBe(300);
    expect(await sample('tiketti_mailbox_lag_seconds', { mailbox: 'Tuki' })).toBe(300);
    const { jobs } = desk.db.tables;
    await change(desk, 'test retry', (tx) =>
      tx
        .update(jobs)
        .set({ runAt: later(desk.clock.now(), MINUTE) })
        .where(eq(jobs.kind, 'deliver.mail')),
    );
    const [first] = await desk.db.select().from(jobs).where(eq(jobs.kind, 'deliver.mail'));
    await change(desk, 'test next', (tx) =>
      enqueue(tx, desk.clock.now(), { kind: 'deliver.mail', lane: first?.lane ?? '', payload: {}, runAt: desk.clock.now() }),
    );
    expect(await sample('tiketti_jobs', { kind: 'deliver.mail', state: 'later' })).toBe(1);
    expect(await sample('tiketti_jobs', { kind: 'deliver.mail', state: 'behind' })).toBe(1);
    expect(await sample('tiketti_jobs_oldest_seconds', { kind: 'deliver.mail' })).toBeNull();
    await change(desk, 'test stop', (tx) => tx.update(jobs).set({ stoppedAt: desk.clock.now() }).where(eq(jobs.kind, 'deliver.mail')));
    expect(await sample('tiketti_jobs', { kind: 'deliver.mail', state: 'due' })).toBeNull();
    expect(await sample('tiketti_jobs', { kind: 'deliver.mail', state: 'stopped' })).toBe(2);
  });
});

test('a whole house shows its replies, its calls and itself, and no word of a customer', async () => {
  const story: Story = await beginStory();
  try {
    await story.say('anna', 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.');
    await story.line('Sends to');
    await story.quiet();
    const ask = async () => (await fetch(`http://127.0.0.1:${story.webPort}/metrics`)).text();
    const held = await ask();
    expect(held).toContain('tiketti_holds{state="counting"} 1');
    expect(held).toMatch(/^tiketti_slack_calls_total\{method="chat\.postMessage",result="ok"\} [1-9]/m);
    expect(held).toMatch(/^tiketti_event_loop_lag_seconds\{quantile="0\.99"\} [\d.e-]+$/m);
    expect(held).toMatch(/^process_resident_memory_bytes [1-9]/m);
    expect(held).toContain('tiketti_slack_connected 1');
    expect(held).toContain('tiketti_metrics_complete 1');
    for (const private_ of ['Liisa', LIISA, 'asiakas', 'Tulostin', 'Anna']) expect(held).not.toContain(private_);
    await story.pass(16);
    await story.pass(20);
    const { desk } = story;
    metrics = createMetrics(desk, NOBODY, 0);
    await eventually(async () => (await sample('tiketti_delivery_changes_total', { state: 'accepted' })) === 2);
    expect(await sample('tiketti_hold_changes_total', { state: 'released' })).toBe(1);
    expect(await sample('tiketti_holds', { state: 'counting' })).toBeNull();
    // Probes and scrapers may come from everywhere: within five seconds they share an answer.
    const [one, two] = await Promise.all([ask(), ask()]);
    expect(one).toBe(two);
  } finally {
    await story.stop();
  }
});
