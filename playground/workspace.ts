import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bus } from './bus.ts';
import { type Clock, createTimers, realClock } from './clock.ts';
import { emit } from './events.ts';
import { type Faults, createFaults } from './faults.ts';
import { type Fallback, createSite } from './http.ts';
import { readManifest } from './manifest.ts';
import { type People, createPeople } from './people/people.ts';
import { createRates } from './rates.ts';
import { type Problem, type RecordedCall, createRecorder } from './record.ts';
import { Sockets } from './socket.ts';
import { type State, emptyState } from './state.ts';
import { loadState, saveState } from './store.ts';
import { verifyWebhook } from './webhook.ts';
import type { World } from './world.ts';

export { type Clock, type SettableClock, settableClock } from './clock.ts';
export type { CallFault, EventFault } from './faults.ts';
export type { Outcome } from './people/acts.ts';
export type { Submission } from './people/modals.ts';
export type { Problem, RecordedCall } from './record.ts';
export type { ShownMessage, ShownView } from './shown.ts';
export type { Channel, Ephemeral, FileRecord, Message, Person, State, ViewRecord } from './state.ts';

export interface PlaygroundOptions {
  /** Any free port if not given. */
  port?: number;
  /** Rules every wait: triggers, acks, retries, rate limits. The machine's clock if not given. */
  clock?: Clock;
  /** A file that gets every call and ack as a JSON line. */
  record?: string;
  /** Refuse missing and unknown arguments; on unless false. */
  strict?: boolean;
  /** Keep the workspace in this file over restarts. */
  dataFile?: string;
  /** Multiplies Slack's rate limits; 0 switches them off. */
  rateScale?: number;
  /** The app's manifest (path or YAML): what it is granted and hears of. Everything if not given. */
  manifest?: string;
  teamName?: string;
  /** Real time an ack has at least when the clock jumps; 250 if not given. */
  ackGraceMilliseconds?: number;
  /** Serves other paths on the same port, such as a page. */
  fallback?: Fallback;
}

export interface Playground extends People {
  /** http://127.0.0.1:PORT */
  url: string;
  /** …/api/, for SLACK_API_URL. */
  apiUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  state: State;
  calls: RecordedCall[];
  problems: Problem[];
  faults: Faults;
  sockets: Sockets;
  bytes: Map<string, Uint8Array>;
  until: Bus['until'];
  listen: Bus['listen'];
  /** Resolves when everything sent to the app is acked. */
  settled(deadlineMilliseconds?: number): Promise<true>;
  /** Runs what is due after the clock was moved. */
  tick(): void;
  /** HTTP mode: posts everything to this request URL from now on, once it echoed the challenge. */
  deliverTo(url: string): Promise<void>;
  /** Tells the app that it gets too many events: an envelope without an event in it. */
  rateLimitEvents(): void;
  /** Takes the app away from the workspace. */
  uninstall(): void;
  /** Installs it again, with the token it had. */
  install(): void;
  stop(): Promise<void>;
}

const SAVE_MILLISECONDS = 300;
const ACK_GRACE_MILLISECONDS = 250;
const SIGNING_SECRET = 'playground-signing-secret';
const TOKEN_TAIL = 'playground';
const LAST_CALLS = 8;
const MINUTE_MILLISECONDS = 60_000;
const MINUTE_SECONDS = 60;

export async function startPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  const world = createWorld(options);
  const people = createPeople(world);
  const server = createSite(() => ({ world, people, fallback: options.fallback }));
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stopSaving = options.dataFile ? keepSaving(world, options.dataFile) : () => undefined;
  return {
    ...people,
    url: world.url,
    apiUrl: `${world.url}/api/`,
    botToken: world.botToken,
    appToken: world.appToken,
    signingSecret: SIGNING_SECRET,
    state: world.state,
    calls: world.recorder.calls,
    problems: world.recorder.problems,
    faults: world.faults,
    sockets: world.sockets,
    bytes: world.bytes,
    until: (question, deadline) => world.bus.until(question, deadline),
    listen: (listener) => world.bus.listen(listener),
    settled: (deadline) => world.bus.until(() => world.sockets.isQuiet(), deadline),
    tick: world.timers.tick,
    uninstall: () => uninstall(world),
    install: () => {
      world.state.app.isInstalled = true;
    },
    rateLimitEvents: () => rateLimitEvents(world),
    async deliverTo(url) {
      const webhook = { url, signingSecret: SIGNING_SECRET };
      await verifyWebhook(webhook);
      world.webhook = webhook;
    },
    stop: () => stop(world, server, stopSaving),
  };
}

async function stop(world: World, server: Server, stopSaving: () => void): Promise<void> {
  world.timers.stop();
  world.bus.stop();
  world.sockets.stop();
  stopSaving();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

function createWorld(options: PlaygroundOptions): World {
  const clock = options.clock ?? realClock;
  const stored = options.dataFile ? loadState(options.dataFile) : undefined;
  const state = stored?.state ?? emptyState(options.teamName ?? 'Playground');
  const manifest = readManifest(options.manifest);
  const recorder = createRecorder(options.record, () => clock.now());
  const world: World = {
    state,
    clock,
    timers: createTimers(clock),
    bus: new Bus(() => explain(recorder.calls, recorder.problems)),
    manifest,
    recorder,
    faults: createFaults(),
    rates: createRates(() => clock.now(), options.rateScale ?? 1),
    sockets: new Sockets(() => world),
    bytes: stored?.bytes ?? new Map<string, Uint8Array>(),
    url: '',
    isStrict: options.strict ?? true,
    ackGraceMilliseconds: clock === realClock ? 0 : (options.ackGraceMilliseconds ?? ACK_GRACE_MILLISECONDS),
    webhook: null,
    botToken: `xoxb-${TOKEN_TAIL}`,
    appToken: `xapp-${TOKEN_TAIL}`,
  };
  state.app.name = manifest.appName;
  if (!stored) addBot(world);
  return world;
}

function addBot(world: World): void {
  const { app, team } = world.state;
  world.state.people[app.botUserId] = {
    id: app.botUserId,
    name: app.name,
    realName: app.name,
    displayName: app.name,
    email: '',
    locale: 'en-US',
    tz: 'Europe/Helsinki',
    isAdmin: false,
    isOwner: false,
    isGuest: false,
    isBot: true,
    isStranger: false,
    isDeleted: false,
    teamId: team.id,
    botId: app.botId,
    updated: 0,
  };
}

function uninstall(world: World): void {
  world.state.app.isInstalled = false;
  emit(world, { type: 'tokens_revoked', tokens: { oauth: [], bot: [world.state.app.botUserId] } });
  emit(world, { type: 'app_uninstalled' });
}

function rateLimitEvents(world: World): void {
  const { team, app } = world.state;
  const minute = Math.floor(world.clock.now().getTime() / MINUTE_MILLISECONDS) * MINUTE_SECONDS;
  const payload = {
    token: 'verification-token',
    type: 'app_rate_limited',
    team_id: team.id,
    minute_rate_limited: minute,
    api_app_id: app.id,
  };
  const envelope = { envelope_id: randomUUID(), type: 'events_api', accepts_response_payload: false, payload };
  world.sockets.send({ envelope, acked: () => undefined, failed: () => undefined });
}

function keepSaving(world: World, file: string): () => void {
  let waiting: NodeJS.Timeout | undefined;
  const save = (): void => saveState(file, world);
  const forget = world.bus.listen(() => {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      save();
    }, SAVE_MILLISECONDS);
  });
  return () => {
    clearTimeout(waiting);
    forget();
    save();
  };
}

function explain(calls: RecordedCall[], problems: Problem[]): string {
  const last = calls
    .slice(-LAST_CALLS)
    .map((call) => `${call.method}${call.kind ? ` ${call.kind}` : ''}${call.ok ? '' : ` ${call.error ?? 'failed'}`}`);
  const trouble = problems.slice(-LAST_CALLS).map((problem) => `${problem.kind}: ${problem.detail}`);
  return `Last calls: ${last.join(', ') || 'none'}. Problems: ${trouble.join('; ') || 'none'}.`;
}
