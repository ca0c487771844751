import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Registry } from 'prom-client';
import { SECOND } from '#clock.ts';
import type { Desk } from '#tickets/desk.ts';
import { takeTallies, type Tallies } from './tallies.ts';
import { createTotals, type Totals } from './totals.ts';

/** What the room that talks to Slack says of itself. */
export interface SlackWatch {
  isConnected(): boolean;
  depth(): Record<string, number>;
  calls(): { method: string; result: string; times: number; seconds: number }[];
}

export interface Metrics {
  contentType: string;
  /** As Prometheus reads it. No name, address or word of a customer is ever in it. */
  text(): Promise<string>;
  close(): void;
}

/** However many ask, the house looks no more often than this. */
const FRESH_MS = 5 * SECOND;
const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
const LOOP_RESOLUTION_MS = 20;

export function createMetrics(desk: Desk, slack: SlackWatch, freshMs = FRESH_MS): Metrics {
  const registry = new Registry();
  const totals = createTotals(desk);
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loop.enable();
  const show = { rows: rowMetrics(registry), totals: totalMetrics(registry), slack: slackMetrics(registry) };
  const measure = processMetrics(registry, loop);
  const complete = new Gauge({ name: 'tiketti_metrics_complete', help: '0 when the database did not answer.', registers: [registry] });
  let asked: { at: number; text: Promise<string> } | null = null;

  async function write(): Promise<string> {
    measure();
    show.slack(slack);
    try {
      show.rows(await takeTallies(desk.db.aside, desk.clock.now()), desk.clock.now());
      show.totals(await totals.advance());
      complete.set(1);
    } catch (error) {
      desk.log.warn({ error }, 'Not everything could be measured.');
      complete.set(0);
    }
    return registry.metrics();
  }

  return {
    contentType: registry.contentType,
    text() {
      if (!asked || performance.now() - asked.at >= freshMs) asked = { at: performance.now(), text: write() };
      return asked.text;
    },
    close: () => void loop.disable(),
  };
}

function gauge(registry: Registry, name: string, help: string, labelNames: string[] = []): Gauge {
  return new Gauge({ name: `tiketti_${name}`, help, labelNames, registers: [registry] });
}

function counter(registry: Registry, name: string, help: string, labelNames: string[]): Counter {
  return new Counter({ name: `tiketti_${name}`, help, labelNames, registers: [registry] });
}

function rowMetrics(registry: Registry): (tallies: Tallies, now: Date) => void {
  const mails = gauge(registry, 'mails_waiting', 'Mails not understood yet (stored), and those a person must judge (quarantined).', [
    'state',
  ]);
  const jobs = gauge(
    registry,
    'jobs',
    'Work in the queue: due, behind another of its lane, waiting for its time (later), or given up (stopped).',
    ['kind', 'state'],
  );
  const jobAge = gauge(registry, 'jobs_oldest_seconds', 'How long the oldest due job waits.', ['kind']);
  const holds = gauge(registry, 'holds', 'Replies that are held now.', ['state']);
  const deliveries = gauge(registry, 'deliveries', 'What has not reached the outside yet.', ['state', 'via']);
  const deliveryAge = gauge(registry, 'deliveries_oldest_seconds', 'Age of the oldest that has not reached the outside.', ['via']);
  const mailboxes = gauge(registry, 'mailbox_lag_seconds', 'Since a mailbox was last read, or added when it never was.', ['mailbox']);
  return (tallies, now) => {
    const age = (at: Date | null) => (at ? Math.max(0, (now.getTime() - at.getTime()) / SECOND) : 0);
    for (const metric of [mails, jobs, jobAge, holds, deliveries, deliveryAge, mailboxes]) metric.reset();
    for (const { state, n } of tallies.mails) mails.set({ state }, n);
    for (const { kind, state, n, oldestAt } of tallies.jobs) {
      jobs.set({ kind, state }, n);
      if (state === 'due') jobAge.set({ kind }, age(oldestAt));
    }
    for (const { state, n } of tallies.holds) holds.set({ state }, n);
    for (const via of new Set(tallies.deliveries.map((row) => row.via)))
      deliveryAge.set({ via }, Math.max(...tallies.deliveries.filter((row) => row.via === via).map(({ oldestAt }) => age(oldestAt))));
    for (const { state, via, n } of tallies.deliveries) deliveries.set({ state, via }, n);
    for (const { name, readAt, createdAt } of tallies.mailboxes) mailboxes.set({ mailbox: name }, age(readAt ?? createdAt));
  };
}

function totalMetrics(registry: Registry): (totals: Totals) => void {
  const mails = counter(registry, 'mails_total', 'Mails by their fate.', ['outcome']);
  const deliveries = counter(registry, 'delivery_changes_total', 'How often deliveries came into each state.', ['state']);
  const holds = counter(registry, 'hold_changes_total', 'How often held replies came into each state.', ['state']);
  return (totals) => {
    for (const metric of [mails, deliveries, holds]) metric.reset();
    for (const [outcome, n] of Object.entries(totals.mails)) mails.inc({ outcome }, n);
    for (const [state, n] of Object.entries(totals.deliveries)) deliveries.inc({ state }, n);
    for (const [state, n] of Object.entries(totals.holds)) holds.inc({ state }, n);
  };
}

function slackMetrics(registry: Registry): (slack: SlackWatch) => void {
  const connected = gauge(registry, 'slack_connected', '1 while Slack is connected.');
  const depth = gauge(registry, 'slack_lane_depth', 'Calls that wait for their turn.', ['lane']);
  const calls = counter(registry, 'slack_calls_total', 'Calls by what Slack answered; ratelimited is a 429.', ['method', 'result']);
  const seconds = counter(registry, 'slack_call_seconds_total', 'How long those calls took together.', ['method', 'result']);
  return (slack) => {
    connected.set(slack.isConnected() ? 1 : 0);
    for (const [lane, n] of Object.entries(slack.depth())) depth.set({ lane }, n);
    for (const metric of [calls, seconds]) metric.reset();
    for (const { method, result, times, seconds: took } of slack.calls()) {
      calls.inc({ method, result }, times);
      seconds.inc({ method, result }, took);
    }
  };
}

function processMetrics(registry: Registry, loop: ReturnType<typeof monitorEventLoopDelay>): () => void {
  const lag = gauge(registry, 'event_loop_lag_seconds', 'How late the main thread came to its work since the last look.', ['quantile']);
  const memory = new Gauge({ name: 'process_resident_memory_bytes', help: 'Memory of the process.', registers: [registry] });
  const heap = new Gauge({ name: 'nodejs_heap_size_used_bytes', help: 'JavaScript objects of the main thread.', registers: [registry] });
  const cpu = new Counter({ name: 'process_cpu_seconds_total', help: 'Processor time.', registers: [registry] });
  const started = new Gauge({ name: 'process_start_time_seconds', help: 'When the process began.', registers: [registry] });
  started.set(performance.timeOrigin / SECOND);
  return () => {
    // What is measured is the time between two ticks of a clock: the tick itself is no lag.
    const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS - LOOP_RESOLUTION_MS / SECOND);
    if (loop.count > 0) {
      lag.set({ quantile: '0.5' }, seconds(loop.percentile(50)));
      lag.set({ quantile: '0.99' }, seconds(loop.percentile(99)));
      lag.set({ quantile: '1' }, seconds(loop.max));
    }
    loop.reset();
    const { rss, heapUsed } = process.memoryUsage();
    memory.set(rss);
    heap.set(heapUsed);
    const { user, system } = process.cpuUsage();
    cpu.reset();
    cpu.inc((user + system) / MICROSECONDS);
  };
}
