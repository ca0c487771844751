import { App, type Receiver, type ReceiverEvent } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { Commits } from '#jobs/commits.ts';
import { Failure } from '#failure.ts';
import type { Desk } from '#tickets/desk.ts';
import { createConnection, type Connection } from './connection.ts';
import type { Doors } from './doors.ts';
import { registerDoors } from './dispatch.ts';
import { createHttpConnection, type HttpConnection } from './http.ts';
import { whoAmI } from './identity.ts';
import { type SlackEvent, storeEvent } from './inbox.ts';
import { createLanes } from './lanes.ts';
import { boltLogger } from './logger.ts';
import { createParking, type Parking } from './parking.ts';
import { ensureSameTeam } from './same-team.ts';
import type { Message, Slack } from './slack.ts';
import { isSlackUrl } from './slack-url.ts';
import { isKnownUser } from './users.ts';

export interface SlackOptions {
  botToken: string;
  /** Socket Mode. Without it Slack comes to us, and `signingSecret` tells it from others. */
  appToken?: string | undefined;
  signingSecret?: string | undefined;
  apiUrl?: string | undefined;
  commits: Commits;
  /** This process among those on one database. */
  node: string;
}

export interface SlackApp {
  slack: Slack;
  connection: Connection;
  /** In HTTP mode: who answers what Slack posts. */
  http: Pick<HttpConnection, 'answer'> | null;
  /** What the workspace has granted; null when Slack did not say. */
  scopes: string[] | null;
  /** Doors are registered after the rest of the house is built. */
  open(doors: Doors): Promise<void>;
  close(): Promise<void>;
  /** For what Slack never answers: nobody waits for it any more. */
  breakOff(): void;
}

const UPLOAD_TIMEOUT_MS = 60_000;
/** A call that is never answered must not keep its place in the lanes for ever. */
const CALL_TIMEOUT_MS = 20_000;
const MAX_DOWNLOAD_BYTES = 100 * 1024 * 1024;

/** Knows the workspace's answers to `auth.test`; connects only when the doors are there. Throws Failure for a bad token, another workspace, and a Slack that can't be asked. */
export async function createSlackApp(desk: Desk, options: SlackOptions): Promise<SlackApp> {
  const clientOptions = {
    ...(options.apiUrl ? { slackApiUrl: options.apiUrl } : {}),
    // Retrying is ours to do, from rows: a client that waits by itself would hold back everything else with it.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_TIMEOUT_MS,
    logger: boltLogger(desk.log),
  };
  const client = new WebClient(options.botToken, clientOptions);
  const identity = await whoAmI(client);
  await ensureSameTeam(desk, identity.team_id);
  const parking = createParking(desk, { slack: () => slack, ask: () => whoAmI(client) });
  const lanes = createLanes(client, desk.log, parking);
  const http = options.appToken ? null : createHttpConnection(desk, { signingSecret: options.signingSecret ?? '', client });
  const line = http ?? createConnection(desk, { appToken: options.appToken ?? '', clientOptions });
  const slack: Slack = {
    lanes,
    commits: options.commits,
    node: options.node,
    team: { id: identity.team_id },
    bot: { userId: identity.user_id, botId: identity.bot_id },
    access: parking,
    wasHealthySince: (at) => parking.wasOpenSince(at) && line.wasHealthySince(at),
    isOwnUrl: (url) => isSlackUrl(url, options.apiUrl),
    download: async (url) => {
      if (!isSlackUrl(url, options.apiUrl)) throw new Failure('file.elsewhere');
      await parking.pass();
      return download(url, options.botToken);
    },
    respond,
    upload,
  };
  const receiver = line.receiver((app) => ({ processEvent: (event) => take(desk, slack, app, event) }));
  const app = new App({
    token: options.botToken,
    receiver,
    clientOptions,
    convoStore: false,
    logger: boltLogger(desk.log),
    botId: slack.bot.botId,
    botUserId: slack.bot.userId,
  });
  app.error(async (error) => desk.log.error({ error }, 'A Slack listener failed.'));

  return {
    slack,
    connection: whileOpen(line, parking),
    http,
    scopes: identity.scopes,
    async open(doors) {
      registerDoors(app, desk, slack, doors);
      await line.start();
      await parking.settle();
    },
    async close() {
      await line.stop();
      lanes.close();
      parking.close();
    },
    breakOff: () => lanes.breakOff(),
  };
}

/** A connection without a token that works is none. */
function whileOpen(line: Connection, parking: Parking): Connection {
  return {
    ...line,
    isConnected: () => line.isConnected() && !parking.isParked(),
    onBack(listener) {
      line.onBack(listener);
      parking.onBack(listener);
    },
  };
}

/** Bolt acknowledges events before its listeners run, so ours are stored here first, and acknowledged after. */
async function take(desk: Desk, slack: Slack, app: Parameters<Receiver['init']>[0], received: ReceiverEvent): Promise<void> {
  const body = received.body as { type?: string; event?: SlackEvent; event_id?: string; team_id?: string };
  if (body.type !== 'event_callback' || !body.event) return app.processEvent(received);
  if (await isOfNobody(desk, slack, body.event)) return received.ack();
  await storeEvent(desk, slack, { ...body, event: body.event });
  desk.failPoint('before ack');
  await received.ack();
  desk.failPoint('ack sent');
}

/** Every status somebody sets is a change of theirs, and of 20,000 people a few hundred have to do with us. */
async function isOfNobody(desk: Desk, slack: Slack, { type, user }: SlackEvent): Promise<boolean> {
  return type === 'user_change' && typeof user === 'object' && user.id !== undefined && !(await isKnownUser(desk, slack, user.id));
}

async function download(url: string, token: string): Promise<Uint8Array> {
  const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS) });
  const type = response.headers.get('content-type') ?? '';
  // Without the scope files:read Slack answers 200 with its sign-in page.
  if (!response.ok || response.redirected || (type.startsWith('text/html') && !/\.html?$/i.test(new URL(url).pathname))) {
    throw new Failure('file.not_readable', { status: response.status });
  }
  if (Number(response.headers.get('content-length') ?? 0) > MAX_DOWNLOAD_BYTES) throw new Failure('file.too_large');
  return new Uint8Array(await response.arrayBuffer());
}

async function respond(url: string, message: Message): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ ...message, response_type: 'ephemeral', replace_original: false }),
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`Slack did not take an answer: ${response.status}`);
}

async function upload(url: string, bytes: Uint8Array, filename: string): Promise<void> {
  const form = new FormData();
  form.append('file', new Blob([Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)]), filename);
  const response = await fetch(url, { method: 'POST', body: form, signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`Slack did not take an upload: ${response.status}`);
}
