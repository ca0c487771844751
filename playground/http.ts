import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { answer } from './api/answer.ts';
import { readArguments, readBytes, readUpload } from './body.ts';
import { isGranted } from './manifest.ts';
import { answerPlay } from './play.ts';
import type { People } from './people/people.ts';
import { respond } from './response-url.ts';
import type { JsonObject } from './state.ts';
import type { World } from './world.ts';

/** Serves what the playground itself does not know; answers whether it did. */
export type Fallback = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export interface Site {
  world: World;
  people: People;
  fallback: Fallback | undefined;
}

const OK = 200;
const NOT_FOUND = 404;
const FORBIDDEN = 403;
const FAILED = 500;
const LOCAL_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
const LOGIN_PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to the workspace.</body></html>';

export function createSite(site: () => Site): Server {
  const server = createServer((request, response) => {
    route(site(), request, response).catch((error: unknown) => {
      site().world.recorder.problem('playground_failed', error instanceof Error ? (error.stack ?? error.message) : String(error));
      if (!response.headersSent) send(response, FAILED, String(error));
    });
  });
  server.on('upgrade', (request, socket, head) => site().world.sockets.upgrade(request, socket, head));
  return server;
}

async function route(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!LOCAL_HOST.test(request.headers.host ?? '')) return send(response, FORBIDDEN, 'The playground answers this machine only.');
  const url = new URL(request.url ?? '/', site.world.url);
  const [, first = '', ...rest] = url.pathname.split('/');
  if (first === 'api') return api(site.world, { request, response, url, method: rest.join('/') });
  if (first === 'upload') return upload(site.world, { request, response, id: rest[1] ?? '' });
  if (first === 'files-pri') return download(site.world, { request, response, id: rest[0]?.split('-')[1] ?? '' });
  if (first === 'response') return responseUrl(site.world, { request, response, token: rest[0] ?? '' });
  if (first === 'play') return answerPlay(site, { request, response, url });
  if (site.fallback && (await site.fallback(request, response))) return;
  send(response, NOT_FOUND, 'Not found');
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

async function api(world: World, { request, response, url, method }: Exchange & { url: URL; method: string }): Promise<void> {
  const given = await readArguments(request, url);
  const [, bearer = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const token = bearer || (typeof given['token'] === 'string' ? given['token'] : '');
  const answered = answer(world, method, { token, arguments: given });
  if (answered.fate === 'never') return;
  // A lost answer looks to the app like a connection that broke.
  if (answered.fate === 'lost') return void request.socket.destroy();
  if (answered.fate !== undefined) await setTimeout(answered.fate);
  response.writeHead(answered.status, answered.headers).end(answered.body);
}

async function upload(world: World, { request, response, id }: Exchange & { id: string }): Promise<void> {
  const file = world.state.files[id];
  if (!file || world.bytes.has(id)) return send(response, NOT_FOUND, 'No such upload');
  const bytes = await readUpload(request);
  world.bytes.set(id, bytes);
  file.size = bytes.byteLength;
  send(response, OK, `OK - ${bytes.byteLength}`);
}

/** Without the token Slack answers its sign-in page, with status 200. */
function download(world: World, { request, response, id }: Exchange & { id: string }): void {
  const isAllowed = request.headers.authorization === `Bearer ${world.botToken}` && isGranted(world.manifest, 'files:read');
  if (!isAllowed) return void response.writeHead(OK, { 'content-type': 'text/html; charset=utf-8' }).end(LOGIN_PAGE);
  const file = world.state.files[id];
  const bytes = world.bytes.get(id);
  if (!file || !bytes || file.isDeleted) return send(response, NOT_FOUND, 'Not found');
  response.writeHead(OK, { 'content-type': file.mimetype, 'content-length': bytes.byteLength }).end(bytes);
}

async function responseUrl(world: World, { request, response, token }: Exchange & { token: string }): Promise<void> {
  const body = JSON.parse((await readBytes(request)).toString('utf8')) as JsonObject;
  world.timers.tick();
  const answered = respond(world, token, body);
  send(response, answered.status, answered.body);
}

export function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
}
