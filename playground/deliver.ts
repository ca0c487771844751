import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Outgoing } from './socket.ts';
import type { JsonObject } from './state.ts';
import { word } from './words.ts';
import { sendOverHttp } from './webhook.ts';
import type { World } from './world.ts';

/** What came back for an envelope, if anything did. */
export type Answer = { isAcked: true; payload: JsonObject } | { isAcked: false; reason: string };

export type Interaction = 'slash_commands' | 'interactive';

interface Attempt {
  number: number;
  reason: string;
}

const ACK_MILLISECONDS = 3_000;
/** Slack documents these for HTTP; here they hold for sockets too. The event_id stays, the envelope_id is new. */
const RETRY_MILLISECONDS = [0, 60_000, 300_000];
/** With a clock that stands still nobody would ever learn that no ack came. */
const PATIENCE_MILLISECONDS = 10_000;
const WITHOUT_RESPONSE = new Set(['shortcut', 'view_closed']);

/** Sends an event and repeats it until it is acked or Slack gives up. */
export function deliverEvent(world: World, type: string, payload: JsonObject): void {
  if (!world.webhook && !world.sockets.wasEverConnected()) return;
  const fault = world.faults.takeEvent(type);
  if (fault?.kind === 'drop') return;
  const start = (): void => {
    world.sockets.announce();
    setImmediate(() => attempt(world, payload, { number: 0, reason: '' }));
  };
  if (fault?.kind === 'hold') return world.sockets.hold(start);
  if (fault?.kind === 'delay') {
    world.timers.after(fault.delayMilliseconds ?? 0, start);
    return;
  }
  start();
  if (fault?.kind === 'duplicate') start();
}

function attempt(world: World, payload: JsonObject, { number, reason }: Attempt): void {
  const envelope = {
    envelope_id: randomUUID(),
    type: 'events_api',
    accepts_response_payload: false,
    payload,
    retry_attempt: number,
    retry_reason: reason,
  };
  const stopWaiting = whenLate(world, () => {
    world.recorder.problem('event_unacked', name(payload));
    world.sockets.forget(envelope.envelope_id);
    again(world, payload, { number, reason: 'timeout' });
  });
  if (number === 0) world.sockets.announced();
  const failed = (why: string): void => {
    stopWaiting();
    again(world, payload, { number, reason: why });
  };
  if (!send(world, { envelope, acked: () => stopWaiting(), failed })) failed('connection_failed');
}

function again(world: World, payload: JsonObject, failed: Attempt): void {
  const wait = RETRY_MILLISECONDS[failed.number];
  if (wait === undefined) {
    world.recorder.problem('event_lost', name(payload));
    world.bus.changed('event_lost', { payload });
    return;
  }
  const next = (): void => attempt(world, payload, { number: failed.number + 1, reason: failed.reason });
  if (wait === 0) setImmediate(next);
  else world.timers.after(wait, next);
}

/** Sends a command, click or submission and waits for its ack. */
export function deliverInteraction(world: World, type: Interaction, payload: JsonObject): Promise<Answer> {
  if (type === 'interactive' && !world.manifest.isInteractive) throw new Error('The manifest has interactivity switched off.');
  const acceptsPayload = !WITHOUT_RESPONSE.has(word(payload['type']));
  const envelope = { envelope_id: randomUUID(), type, accepts_response_payload: acceptsPayload, payload };
  return new Promise((resolve) => {
    const finish = (answer: Answer): void => {
      stopWaiting();
      clearTimeout(patience);
      world.sockets.forget(envelope.envelope_id);
      if (!answer.isAcked) world.recorder.problem('unacked', `${word(payload['command'] ?? payload['type'])}: ${answer.reason}`);
      resolve(answer);
    };
    const timeout = (): void => finish({ isAcked: false, reason: 'timeout' });
    const stopWaiting = whenLate(world, timeout);
    const patience = setTimeout(timeout, PATIENCE_MILLISECONDS);
    const failed = (reason: string): void => finish({ isAcked: false, reason });
    const isSent = send(world, { envelope, acked: (answered) => finish({ isAcked: true, payload: answered }), failed });
    if (!isSent) finish({ isAcked: false, reason: 'no_connection' });
  });
}

function send(world: World, outgoing: Outgoing): boolean {
  if (!world.webhook) return world.sockets.send(outgoing);
  sendOverHttp(world, world.webhook, outgoing);
  return true;
}

/** A clock that jumps leaves the app a moment of real time to ack what is already on its way. */
function whenLate(world: World, late: () => void): () => void {
  let waiting: NodeJS.Timeout | undefined;
  const sentAt = performance.now();
  const stop = world.timers.after(ACK_MILLISECONDS, () => {
    const left = world.ackGraceMilliseconds - (performance.now() - sentAt);
    if (left <= 0) return late();
    waiting = setTimeout(late, left);
  });
  return () => {
    stop();
    clearTimeout(waiting);
  };
}

function name(payload: JsonObject): string {
  const event = payload['event'] as JsonObject;
  return `${word(event['type'])} ${word(payload['event_id'])}`;
}
