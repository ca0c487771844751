import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Clock, later, systemClock } from '#clock.ts';

/** A small S3 server that trusts nobody: it computes each signature itself, from what really arrived. */
export interface S3Server {
  url: string;
  /** What the desk needs to store here. */
  environment: Record<string, string>;
  objects: Map<string, StoredObject>;
  /** What was asked, as `PUT desk/ab/…`. */
  asked: string[];
  /** Answers the next requests of this kind so, instead of doing them. */
  refuse(method: string, answer: { status: number; code?: string; headers?: Record<string, string> }, times?: number): void;
  /** Does the next request of this kind, and never answers. */
  fallSilent(method: string, times?: number): void;
  /** Breaks off in the middle of the next body. */
  breakOff(): void;
  /** Runs once, before the next request of this kind is done; a listing goes by the prefix it asks for. */
  before(method: string, key: RegExp, act: () => Promise<void>): void;
  /** As if somebody had set the server's clock wrong. */
  clock: { skewMs: number };
  stop(): Promise<void>;
}

export interface StoredObject {
  bytes: Buffer;
  at: Date;
}

export const BUCKET = 'desk-files';
const KEY_ID = 'AKIDESK';
const SECRET = 'a/secret+key';
const REGION = 'eu-north-1';
const MAX_SKEW_MS = 15 * 60_000;
const PAGE = 1_000;

class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  constructor(status: number, code: string, headers: Record<string, string> = {}) {
    super(code);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

interface Trap {
  method: string;
  key: RegExp;
  left: number;
  spring(response: ServerResponse): Promise<'go on' | 'silent'> | never;
}

export async function startS3({
  clock: base = systemClock,
  sessionToken = '',
}: { clock?: Clock; sessionToken?: string } = {}): Promise<S3Server> {
  const objects = new Map<string, StoredObject>();
  const asked: string[] = [];
  const traps: Trap[] = [];
  const clock = { skewMs: 0 };
  let isBreaking = false;
  const now = () => later(base.now(), clock.skewMs);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const url = new URL(request.url ?? '/', 'http://s3');
    const [, bucket = '', ...rest] = url.pathname.split('/');
    const key = rest.join('/');
    asked.push(`${request.method} ${key || url.searchParams.get('prefix')}`);
    response.setHeader('date', now().toUTCString());
    // Requests are signed at the machine's time, whatever a test's clock says.
    verify(request, url, { body, now: later(systemClock.now(), clock.skewMs), sessionToken });
    if (bucket !== BUCKET) throw new Refused(404, 'NoSuchBucket');
    const trap = traps.find(
      (one) => one.left > 0 && one.method === request.method && one.key.test(key || (url.searchParams.get('prefix') ?? '')),
    );
    if (trap) trap.left -= 1;
    const outcome = await trap?.spring(response);
    const done = act(request.method ?? '', key, { url, body });
    if (outcome === 'silent') return;
    response.statusCode = done.status;
    response.setHeader('content-length', done.bytes.length);
    if (isBreaking) {
      isBreaking = false;
      response.write(done.bytes.subarray(0, done.bytes.length / 2), () => response.destroy());
    } else response.end(done.bytes);
  }

  function act(method: string, key: string, { url, body }: { url: URL; body: Buffer }): { status: number; bytes: Buffer } {
    if (key === '') return { status: 200, bytes: Buffer.from(listing(objects, url.searchParams)) };
    if (method === 'PUT') objects.set(key, { bytes: body, at: now() });
    else if (method === 'DELETE') objects.delete(key);
    else {
      const found = objects.get(key);
      if (!found) throw new Refused(404, 'NoSuchKey');
      return { status: 200, bytes: found.bytes };
    }
    return { status: method === 'DELETE' ? 204 : 200, bytes: Buffer.alloc(0) };
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const refused = error instanceof Refused ? error : new Refused(500, `Bug:${String(error)}`);
      response.writeHead(refused.status, refused.headers);
      response.end(`<?xml version="1.0"?><Error><Code>${refused.code}</Code><Message>No.</Message></Error>`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    objects,
    asked,
    clock,
    environment: {
      FILES_URL: `s3://${BUCKET}/desk`,
      AWS_ACCESS_KEY_ID: KEY_ID,
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL_S3: url,
    },
    refuse: (method, { status, code = '', headers = {} }, times = 1) =>
      void traps.push({ method, key: /./, left: times, spring: () => Promise.reject(new Refused(status, code, headers)) }),
    fallSilent: (method, times = 1) => void traps.push({ method, key: /./, left: times, spring: () => Promise.resolve('silent') }),
    breakOff: () => void (isBreaking = true),
    before: (method, key, act) => void traps.push({ method, key, left: 1, spring: () => act().then(() => 'go on') }),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Signature Version 4, from its description: what the client says it signed must be what arrived, body and time included. */
function verify(request: IncomingMessage, url: URL, { body, now, sessionToken }: { body: Buffer; now: Date; sessionToken: string }): void {
  const { headers } = request;
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/;
  const [, keyId, day = '', region = '', names = '', signature] = pattern.exec(headers.authorization ?? '') ?? [];
  if (keyId === undefined) throw new Refused(403, 'AccessDenied');
  if (keyId !== KEY_ID) throw new Refused(403, 'InvalidAccessKeyId');
  if (region !== REGION) throw new Refused(400, 'AuthorizationHeaderMalformed', { 'x-amz-bucket-region': REGION });
  const date = String(headers['x-amz-date']);
  const [year, month, dayOfMonth, hour, minute, second] = date.match(/^\d{4}|\d\d/g) ?? [];
  const at = Date.parse(`${year}-${month}-${dayOfMonth}T${hour}:${minute}:${second}Z`);
  if (!(Math.abs(at - now.getTime()) < MAX_SKEW_MS)) throw new Refused(403, 'RequestTimeTooSkewed');
  if (headers['x-amz-content-sha256'] !== createHash('sha256').update(body).digest('hex'))
    throw new Refused(400, 'XAmzContentSHA256Mismatch');
  if ((headers['x-amz-security-token'] ?? '') !== sessionToken) throw new Refused(400, 'InvalidToken');
  const signed = names.split(';');
  for (const name of Object.keys(headers).filter((one) => one === 'host' || one.startsWith('x-amz-')))
    if (!signed.includes(name)) throw new Refused(403, 'AccessDenied');
  const canonical = [
    request.method,
    url.pathname
      .split('/')
      .map((part) => strict(decodeURIComponent(part)))
      .join('/'),
    [...url.searchParams]
      .map(([name, value]) => `${strict(name)}=${strict(value)}`)
      .toSorted()
      .join('&'),
    ...signed.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    names,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, `${day}/${region}/s3/aws4_request`, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${SECRET}`);
  if (hmac(key, toSign).toString('hex') !== signature) throw new Refused(403, 'SignatureDoesNotMatch');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function strict(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

function listing(objects: S3Server['objects'], query: URLSearchParams): string {
  if (query.get('list-type') !== '2') throw new Refused(501, 'NotImplemented');
  // The token is the last key, in letters that XML and URLs have to escape.
  const token = query.get('continuation-token');
  const after = token === null ? '' : token.replace(/^&</, '');
  const keys = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after).toSorted();
  const page = keys.slice(0, Math.min(PAGE, Number(query.get('max-keys') ?? PAGE)));
  const next = keys.length > page.length ? `<NextContinuationToken>&amp;&lt;${page.at(-1)}</NextContinuationToken>` : '';
  const contents = page.map((key) => {
    const at = objects.get(key)?.at ?? new Date(0);
    return `<Contents><Key>${key}</Key><LastModified>${at.toISOString().slice(0, 19)}.000Z</LastModified><Size>1</Size></Contents>`;
  });
  return `<ListBucketResult><IsTruncated>${next !== ''}</IsTruncated>${contents.join('')}${next}</ListBucketResult>`;
}
