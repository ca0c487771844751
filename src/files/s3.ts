import { randomUUID } from 'node:crypto';
import { type Clock, later, MINUTE } from '#clock.ts';
import { ConfigError } from '#config/error.ts';
import type { Place } from '#config/files.ts';
import { type Answer, bucketRequests, element, type Patience, PATIENCE, pause, type Requests } from './s3-requests.ts';
import { BucketTrouble } from './s3-trouble.ts';
import { checked, digestOf, type FileStore, isDigest, whole } from './store.ts';

const MAX_PAGES = 1_000;
/** Some servers date an object by the beginning of its upload, and in whole seconds; the longest upload takes less. */
const DATING_MS = 2 * MINUTE;
/** Longer than a removal can take with all its tries: an older mark is of a process that ended half-way. */
const MARK_MS = 5 * MINUTE;

/**
 * Files in a bucket, as `prefix/ab/<sha256>`. S3 acknowledges what is durable, and shows at once what it has acknowledged.
 *
 * It can't delete on a condition: the same bytes stored anew look like the old ones. So whoever removes something old leaves
 * a mark first and looks at its age then; whoever stores looks for marks afterwards, and then whether the bytes are there.
 * Either the remover sees young bytes, or the storer sees the mark or the loss, and stores them again.
 */
export function openBucket(place: Place, clock: Clock, patience: Patience = PATIENCE): FileStore {
  const closing = new AbortController();
  const requests = bucketRequests(place, { clock, patience, closing: closing.signal });
  const bucket: Bucket = { requests, prefix: place.prefix, clock, closing: closing.signal };
  return {
    put: (bytes) => put(bucket, bytes, patience),
    async get(sha256) {
      const found = await requests({ method: 'GET', key: keyOf(bucket, sha256) });
      if (!found) throw new Error(`File ${sha256} is not in bucket "${place.bucket}".`);
      return whole(sha256, found.bytes);
    },
    has: async (sha256) => (await find(bucket, sha256)) !== null,
    remove: async (sha256) => remove(bucket, keyOf(bucket, sha256)),
    async list(letters) {
      const home = `${bucket.prefix}${letters}/`;
      return (await listAll(bucket, home)).map((entry) => entry.key.slice(home.length)).filter(isDigest);
    },
    removeOlder: async (sha256, before) => removeOlder(bucket, checked(sha256), before),
    check: () => check(bucket),
    hurry: () => closing.abort(),
  };
}

interface Bucket {
  requests: Requests;
  prefix: string;
  clock: Clock;
  closing: AbortSignal;
}

interface Entry {
  key: string;
  ageMs: number;
}

function keyOf({ prefix }: Bucket, sha256: string): string {
  return `${prefix}${checked(sha256).slice(0, 2)}/${sha256}`;
}

function markPrefix({ prefix }: Bucket, sha256: string): string {
  return `${prefix}removing/${sha256}.`;
}

/** Known bytes are sent again, too: that makes them young, and mends damaged ones. */
async function put(bucket: Bucket, bytes: Uint8Array, { waitsMs }: Patience): Promise<string> {
  const sha256 = digestOf(bytes);
  for (const waitMs of [...waitsMs, 0]) {
    await bucket.requests({ method: 'PUT', key: keyOf(bucket, sha256), body: bytes, sha256 });
    if (!(await isBeingRemoved(bucket, sha256)) && (await find(bucket, sha256))) return sha256;
    await pause(waitMs, bucket.closing);
  }
  throw new Error(`File ${sha256} is just being removed by another process. Storing it succeeds a few minutes later.`);
}

async function isBeingRemoved(bucket: Bucket, sha256: string): Promise<boolean> {
  const marks = await listAll(bucket, markPrefix(bucket, sha256));
  for (const mark of marks.filter(isForgotten)) await remove(bucket, mark.key);
  return !marks.every(isForgotten);
}

function isForgotten(mark: Entry): boolean {
  return mark.ageMs > MARK_MS;
}

async function removeOlder(bucket: Bucket, sha256: string, before: Date): Promise<boolean> {
  if (!(await isOlder(bucket, sha256, before))) return false;
  const mark = `${markPrefix(bucket, sha256)}${randomUUID()}`;
  await bucket.requests({ method: 'PUT', key: mark });
  const isOld = await isOlder(bucket, sha256, before);
  // When this fails, the mark stays until it is forgotten: the order to delete may still be on its way.
  if (isOld) await bucket.requests({ method: 'DELETE', key: keyOf(bucket, sha256), isOnce: true });
  await remove(bucket, mark);
  return isOld;
}

async function isOlder(bucket: Bucket, sha256: string, before: Date): Promise<boolean> {
  const entry = await find(bucket, sha256);
  // The age is by the server's clock alone, so it doesn't matter how far that is from ours.
  return entry !== null && later(bucket.clock.now(), DATING_MS - entry.ageMs) < before;
}

async function find(bucket: Bucket, sha256: string): Promise<Entry | null> {
  const key = keyOf(bucket, sha256);
  const { entries } = await listPage(bucket, { prefix: key, 'max-keys': '1' });
  return entries.find((entry) => entry.key === key) ?? null;
}

async function remove({ requests }: Bucket, key: string): Promise<void> {
  await requests({ method: 'DELETE', key });
}

async function listAll(bucket: Bucket, prefix: string): Promise<Entry[]> {
  const found: Entry[] = [];
  let next: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const listed = await listPage(bucket, { prefix, ...(next === null ? {} : { 'continuation-token': next }) });
    found.push(...listed.entries);
    next = listed.next;
    if (next === null) return found;
  }
  throw new Error(`More than ${MAX_PAGES} pages are listed below ${prefix}.`);
}

/** By listing rather than by HEAD, whose refusals have no words: a missing bucket would look like a missing file. */
async function listPage({ requests }: Bucket, query: Record<string, string>): Promise<{ entries: Entry[]; next: string | null }> {
  const answer = await requests({ method: 'GET', query: { 'list-type': '2', ...query } });
  if (!answer) throw new Error('A bucket was listed as if it were an object. Check AWS_ENDPOINT_URL_S3.');
  const xml = Buffer.from(answer.bytes).toString('utf8');
  const entries = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, one = '']) => entryOf(one, answer));
  return { entries, next: element(xml, 'IsTruncated') === 'true' ? element(xml, 'NextContinuationToken') : null };
}

function entryOf(xml: string, { serverAt }: Answer): Entry {
  return { key: element(xml, 'Key') ?? '', ageMs: serverAt.getTime() - Date.parse(element(xml, 'LastModified') ?? '') };
}

/** Each once, without patience: who asks wants to know now. */
async function check({ requests, prefix }: Bucket): Promise<void> {
  const key = `${prefix}check/${randomUUID()}`;
  try {
    await requests({ method: 'PUT', key, isOnce: true });
    await requests({ method: 'GET', query: { 'list-type': '2', prefix: key }, isOnce: true });
    await requests({ method: 'GET', key, isOnce: true });
    await requests({ method: 'DELETE', key, isOnce: true });
  } catch (error) {
    if (error instanceof BucketTrouble && error.isSetting) throw new ConfigError([error.message]);
    throw error;
  }
}
