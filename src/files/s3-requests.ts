import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import type { Clock } from '#clock.ts';
import type { Place } from '#config/files.ts';
import { BucketTrouble, isPassing, type Refusal, refusalTrouble, silenceTrouble } from './s3-trouble.ts';

export interface Ask {
  method: 'GET' | 'PUT' | 'DELETE';
  /** Below the bucket; the bucket itself when left out. */
  key?: string;
  query?: Record<string, string>;
  body?: Uint8Array;
  /** Of the body, where it is known already. */
  sha256?: string;
  /** Not tried again: an answer that never came may hide a request that still arrives. */
  isOnce?: true;
}

export interface Answer {
  bytes: Uint8Array;
  /** By the server's clock, which is the one that dates its objects. */
  serverAt: Date;
}

/** Null when there is no such object. Throws a `BucketTrouble` for everything else that is no success. */
export type Requests = (ask: Ask) => Promise<Answer | null>;

export interface Circumstances {
  clock: Clock;
  patience: Patience;
  closing: AbortSignal;
}

export interface Patience {
  /** Until an answer begins; a large body has longer. */
  answerMs: number;
  /** Until a begun answer is whole. */
  bodyMs: number;
  /** One more try after each. */
  waitsMs: readonly number[];
  /** Instead of all these once the desk closes, which it does within 10 s. */
  hurryMs: number;
}

export const PATIENCE: Patience = { answerMs: 10_000, bodyMs: 120_000, waitsMs: [200, 1_000, 4_000], hurryMs: 2_000 };

const SLOWEST_BYTES_PER_MS = 400;
const EMPTY = createHash('sha256').digest('hex');

/**
 * Signed requests to one bucket. What fails for a passing reason is tried again: all of them may be made twice. Once
 * `closing` is aborted nothing is tried again or waited for long.
 */
export function bucketRequests(place: Place, { clock, patience, closing }: Circumstances): Requests {
  const { accessKeyId, secretAccessKey, sessionToken, region } = place;
  const signer = new AwsClient({ accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}), region, service: 's3' });
  const once = async (ask: Ask): Promise<Answer | Refusal> => {
    const url = new URL(ask.key === undefined ? `${place.url}/` : `${place.url}/${ask.key}`);
    for (const [name, value] of Object.entries(ask.query ?? {})) url.searchParams.set(name, value);
    const request = await signer.sign(url, {
      method: ask.method,
      // The body's own hash is signed: who changes it on its way is refused.
      headers: { 'x-amz-content-sha256': ask.sha256 ?? EMPTY, 'content-type': 'application/octet-stream' },
      ...(ask.body ? { body: ask.body as Uint8Array<ArrayBuffer> } : {}),
    });
    const answerMs = patience.answerMs + (ask.body?.length ?? 0) / SLOWEST_BYTES_PER_MS;
    return read(request, { clock, closing, patience: { ...patience, answerMs } });
  };
  return async (ask) => {
    for (let tries = 0; ; tries += 1) {
      const outcome = await once(ask).catch((cause: unknown) => silenceTrouble(place, ask.method, cause));
      if ('bytes' in outcome) return outcome;
      if (!(outcome instanceof Error) && outcome.code === 'NoSuchKey') return null;
      const isOver = ask.isOnce || closing.aborted || tries >= patience.waitsMs.length || !(outcome instanceof Error || isPassing(outcome));
      if (isOver) throw outcome instanceof BucketTrouble ? outcome : refusalTrouble(place, ask.method, outcome);
      await pause((patience.waitsMs[tries] ?? 0) * (0.5 + Math.random()), closing);
    }
  };
}

/** Ends early when the desk closes. */
export async function pause(ms: number, closing: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: closing }).catch((error: unknown) => {
    if (!closing.aborted) throw error;
  });
}

async function read(request: Request, { clock, patience, closing }: Circumstances): Promise<Answer | Refusal> {
  const limit = openLimit(closing, patience.hurryMs);
  try {
    limit.set(patience.answerMs);
    // A redirect tells of another region, and would need another signature.
    const response = await fetch(request, { signal: limit.signal, redirect: 'manual' });
    limit.set(patience.bodyMs);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const at = clock.now();
    const serverAt = new Date(response.headers.get('date') ?? at);
    if (response.ok) return { bytes, serverAt };
    const words = Buffer.from(bytes).toString('utf8');
    const region = response.headers.get('x-amz-bucket-region') ?? element(words, 'Region');
    return { status: response.status, code: element(words, 'Code') ?? '', region, serverAt, at };
  } finally {
    limit.close();
  }
}

/** One limit after the other for the parts of a request, and a short one for whatever part it is in when the desk closes. */
function openLimit(closing: AbortSignal, hurryMs: number) {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const set = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => limit.abort(new Error('it took too long')), closing.aborted ? Math.min(ms, hurryMs) : ms);
  };
  const hurry = () => set(hurryMs);
  closing.addEventListener('abort', hurry);
  return {
    signal: limit.signal,
    set,
    close() {
      clearTimeout(timer);
      closing.removeEventListener('abort', hurry);
    },
  };
}

/** The text of an element without others in it: all that S3's answers need. */
export function element(xml: string, name: string): string | null {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text === undefined ? null : text.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: keyof typeof ENTITIES) => ENTITIES[entity]);
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
