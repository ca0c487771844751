import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { emojiByName } from '../emoji.ts';
import type { Fallback } from '../http.ts';
import { answerMail } from '../mailboxes/http.ts';
import type { Mailboxes } from '../mailboxes/mailboxes.ts';
import { readManifest } from '../manifest.ts';
import type { Channel, Playground } from '../workspace.ts';

export interface PageOptions {
  playground: () => Playground;
  mailboxes: Mailboxes;
  manifest?: string;
}

const OK = 200;
const NOT_FOUND = 404;
const KEEP_ALIVE_MILLISECONDS = 15_000;
const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };
/** Mail shown in a frame inherits this: nothing is fetched from outside, nothing runs. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
/** Changes the page has no use for. */
const UNSHOWN = new Set(['event', 'ack', 'call']);

/** The browser page and what it asks of the server besides /play/. */
export function createPage(options: PageOptions): Fallback {
  const manifest = readManifest(options.manifest);
  return async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname.startsWith('/mail/')) await answerMail(options.mailboxes, request, response);
    else if (request.method !== 'GET') return false;
    else if (pathname === '/page/events') stream(options, response);
    else if (pathname === '/page/workspace') json(response, workspace(options.playground(), manifest));
    else return asset(pathname === '/' ? '/page/index.html' : pathname, response);
    return true;
  };
}

function workspace({ state, sockets }: Playground, manifest: ReturnType<typeof readManifest>): unknown {
  return {
    team: state.team,
    app: { ...state.app, isOnline: sockets.count() > 0 },
    people: Object.values(state.people),
    userGroups: Object.values(state.userGroups),
    channels: Object.values(state.channels).map((channel) => ({ ...channel, latest: latestOf(state.messages, channel) })),
    commands: manifest.commands ?? [],
    shortcuts: manifest.shortcuts ?? [],
    emoji: Object.fromEntries(emojiByName),
  };
}

function latestOf(messages: Playground['state']['messages'], channel: Channel): string {
  return messages[channel.id]?.at(-1)?.ts ?? '0';
}

/** One stream for both worlds, for a browser allows few connections to one host. */
function stream({ playground, mailboxes }: PageOptions, response: ServerResponse): void {
  response.writeHead(OK, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = (change: { kind: string }): void => {
    if (!UNSHOWN.has(change.kind)) response.write(`data: ${JSON.stringify(change)}\n\n`);
  };
  send({ kind: 'hello' });
  const forget = [playground().listen(send), mailboxes.listen(send)];
  const alive = setInterval(() => response.write(': alive\n\n'), KEEP_ALIVE_MILLISECONDS);
  alive.unref();
  response.on('close', () => {
    clearInterval(alive);
    for (const stop of forget) stop();
  });
}

async function asset(pathname: string, response: ServerResponse): Promise<boolean> {
  const [, name = '', extension = ''] = /^\/page\/([\w/-]+\.(html|js|css|svg))$/.exec(pathname) ?? [];
  if (name === '') return false;
  const bytes = await read(name);
  if (bytes === null) {
    response.writeHead(NOT_FOUND, { 'content-type': 'text/plain' }).end('Not found');
    return true;
  }
  response
    .writeHead(OK, {
      'content-type': `${TYPES[extension]}; charset=utf-8`,
      'content-security-policy': POLICY,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    .end(bytes);
  return true;
}

async function read(name: string): Promise<Buffer | null> {
  try {
    return await readFile(new URL(name, import.meta.url));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(OK, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}
