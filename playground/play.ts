import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBytes } from './body.ts';
import { emojiByName } from './emoji.ts';
import type { CallFault, EventFault } from './faults.ts';
import type { Site } from './http.ts';
import { actNames } from './people/people.ts';
import type { DisconnectReason } from './socket.ts';
import type { World } from './world.ts';

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

const OK = 200;
const NO_CONTENT = 204;
const BAD_REQUEST = 400;
const NOT_FOUND = 404;
const LOCAL_ORIGIN = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
const KEEP_ALIVE_MILLISECONDS = 15_000;

/** Everything the people of the workspace can do, as JSON over HTTP: POST /play/NAME with the argument, or a list of them. */
export async function answerPlay(site: Site, exchange: Exchange): Promise<void> {
  const { request, response, url } = exchange;
  const name = url.pathname.replace(/^\/play\//, '');
  if (!allowOrigin(request, response)) return json(response, BAD_REQUEST, { error: 'Only pages of this machine may ask.' });
  if (request.method === 'OPTIONS') return void response.writeHead(NO_CONTENT).end();
  if (name === 'events') return stream(site.world, response);
  if (name.startsWith('files/')) return file(site.world, response, name.replace('files/', ''));
  if (request.method === 'GET') return look(site.world, response, name);
  try {
    const body = (await readBytes(request)).toString('utf8');
    json(response, OK, (await act(site, name, body === '' ? [] : [JSON.parse(body) as unknown].flat())) ?? null);
  } catch (error) {
    json(response, BAD_REQUEST, { error: error instanceof Error ? error.message : String(error) });
  }
}

function act(site: Site, name: string, given: unknown[]): unknown {
  if ((actNames as string[]).includes(name)) return (site.people as Record<string, (...all: unknown[]) => unknown>)[name]?.(...given);
  const { faults, sockets } = site.world;
  const [first] = given;
  switch (name) {
    case 'faults/calls':
      return faults.calls(first as CallFault);
    case 'faults/events':
      return faults.events(first as EventFault);
    case 'faults/clear':
      return faults.clear();
    case 'faults/release':
      return sockets.release((first as { order?: 'forwards' | 'backwards' } | undefined)?.order);
    case 'sockets/disconnect':
      return sockets.disconnect((first as { reason?: DisconnectReason } | undefined)?.reason);
    case 'sockets/cut':
      return sockets.cut();
    case 'sockets/refuse':
      return sockets.refuse((first as { milliseconds: number }).milliseconds);
    case 'tick':
      return site.world.timers.tick();
    default:
      throw new Error(`There is no /play/${name}. There is: ${actNames.join(', ')}`);
  }
}

function look(world: World, response: ServerResponse, name: string): void {
  const shown: Record<string, () => unknown> = {
    state: () => ({ ...world.state, now: world.clock.now().toISOString(), connections: world.sockets.count() }),
    calls: () => world.recorder.calls,
    problems: () => world.recorder.problems,
    manifest: () => world.manifest,
    emoji: () => Object.fromEntries(emojiByName),
  };
  const wanted = shown[name];
  if (!wanted) return json(response, NOT_FOUND, { error: `GET /play/ knows: ${Object.keys(shown).join(', ')}, events, files/ID` });
  json(response, OK, wanted());
}

function file(world: World, response: ServerResponse, id: string): void {
  const known = world.state.files[id];
  const bytes = world.bytes.get(id);
  if (!known || !bytes) return json(response, NOT_FOUND, { error: `There is no file ${id}.` });
  response.writeHead(OK, { 'content-type': known.mimetype, 'content-security-policy': 'sandbox' }).end(bytes);
}

/** Every change as a server-sent event: {"kind": …, …}. */
function stream(world: World, response: ServerResponse): void {
  response.writeHead(OK, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(`data: ${JSON.stringify({ kind: 'hello' })}\n\n`);
  const forget = world.bus.listen((change) => response.write(`data: ${JSON.stringify(change)}\n\n`));
  const alive = setInterval(() => response.write(': alive\n\n'), KEEP_ALIVE_MILLISECONDS);
  alive.unref();
  response.on('close', () => {
    clearInterval(alive);
    forget();
  });
}

function allowOrigin(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (!LOCAL_ORIGIN.test(origin)) return false;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-headers', 'content-type');
  return true;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
