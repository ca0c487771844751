import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBytes } from '../body.ts';
import type { Mailboxes, Manner, NewMail } from './mailboxes.ts';

const OK = 200;
const BAD_REQUEST = 400;
const NOT_FOUND = 404;

/** GET and POST /mail/NAME, for the page. Only JSON is taken, so no other site's form can write a mail. */
export async function answerMail(mailboxes: Mailboxes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const name = url.pathname.replace(/^\/mail\//, '');
  try {
    if (request.method === 'GET' && name === 'file') return await file(mailboxes, response, url.searchParams);
    json(
      response,
      OK,
      request.method === 'GET' ? await look(mailboxes, name, url.searchParams) : await act(mailboxes, name, await readJson(request)),
    );
  } catch (error) {
    json(response, BAD_REQUEST, { error: error instanceof Error ? error.message : String(error) });
  }
}

function look(mailboxes: Mailboxes, name: string, query: URLSearchParams): unknown {
  const id = query.get('id') ?? '';
  const shown: Record<string, () => unknown> = {
    boxes: () => mailboxes.boxes(),
    list: () => mailboxes.mails(query.get('box') ?? undefined),
    letter: () => mailboxes.letter(id),
    source: () => ({ source: mailboxes.source(id) }),
  };
  const wanted = shown[name];
  if (!wanted) throw new Error(`GET /mail/ knows: ${Object.keys(shown).join(', ')}, file`);
  return wanted();
}

function act(mailboxes: Mailboxes, name: string, given: Record<string, string>): unknown {
  switch (name) {
    case 'send':
      return mailboxes.send(given as unknown as NewMail);
    case 'read':
      return mailboxes.markRead(given['id'] ?? '');
    case 'boxes':
      return mailboxes.addBox({ ...given, address: given['address'] ?? '', name: given['name'] ?? '' });
    case 'manner':
      return mailboxes.setManner(given['box'] ?? '', given['manner'] as Manner);
    default:
      throw new Error('POST /mail/ knows: send, read, boxes, manner');
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, string>> {
  if (!request.headers['content-type']?.startsWith('application/json')) throw new Error('The body must be JSON.');
  return JSON.parse((await readBytes(request)).toString('utf8')) as Record<string, string>;
}

/** Whatever a mail carries is only ever saved, never run. */
async function file(mailboxes: Mailboxes, response: ServerResponse, query: URLSearchParams): Promise<void> {
  const found = await mailboxes.file(query.get('id') ?? '', Number(query.get('index')));
  if (!found) return json(response, NOT_FOUND, { error: 'There is no such file.' });
  const headers = {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`,
    'x-content-type-options': 'nosniff',
  };
  response.writeHead(OK, headers).end(found.bytes);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    .end(JSON.stringify(body ?? null));
}
