import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import { enqueue } from '#jobs/queue.ts';
import type { Commits } from '#jobs/commits.ts';
import type { Desk } from '#tickets/desk.ts';
import { peek, type Peeked } from './peek.ts';
import { isStillSame, sameContentKeys } from './sameness.ts';
import { laneOfSender } from './sender-lane.ts';

export type Mail = Row<'mails'>;

export interface ArrivedMail {
  mailbox: string;
  raw: Uint8Array;
  envelopeFrom: string | null;
  envelopeTo: string[];
  uidValidity?: number;
  uid?: number;
  /** When its server took it, where that was not now: tells mails apart that have neither id nor date, however often they are read. */
  arrivedAt?: Date | null;
  /** Too large to be taken whole: `raw` is its header, and this is what it has at the server. */
  wholeSizeBytes?: number;
  /** Older than the mailbox's first connection. */
  isImported?: boolean;
}

/** Up to here a raw mail is a row, compressed; larger ones lie in the files store. */
const MAX_ROW_BYTES = 256 * 1024;
/** Above this, compressing is given to a thread: the main one stays free. */
const SMALL_BYTES = 16 * 1024;

const compressAside = promisify(zstdCompress);
const decompressAside = promisify(zstdDecompress);

/**
 * Makes the mail ours: when this resolves it is durable, whatever happens next. The same bytes twice are stored once; where
 * neither id nor date tells two mails apart, only within minutes.
 */
export async function storeMail(desk: Desk, commits: Commits, arrived: ArrivedMail): Promise<{ id: number; isNew: boolean }> {
  return storeKept(desk, commits, arrived, await keepBytes(desk, arrived));
}

/** The same for mails that lie in this order: so they are taken, however large each is. */
export async function storeMails(desk: Desk, commits: Commits, arrived: ArrivedMail[]): Promise<void> {
  const kept = await Promise.all(arrived.map(async (one) => ({ one, bytes: await keepBytes(desk, one) })));
  await Promise.all(kept.map(({ one, bytes }) => storeKept(desk, commits, one, bytes)));
}

type KeptBytes = Pick<Mail, 'rawDigest' | 'rawFile' | 'raw'>;

/** Bytes first, then the row that names them: a crash between leaves a file nobody names, never a name without bytes. */
async function keepBytes(desk: Desk, { raw: bytes }: ArrivedMail): Promise<KeptBytes> {
  const rawDigest = createHash('sha256').update(bytes).digest('hex');
  const isLarge = bytes.length > MAX_ROW_BYTES;
  return { rawDigest, rawFile: isLarge ? await desk.files.put(bytes) : null, raw: isLarge ? null : await compress(bytes) };
}

async function storeKept(desk: Desk, commits: Commits, arrived: ArrivedMail, kept: KeptBytes): Promise<{ id: number; isNew: boolean }> {
  const stored = await commits.run('store mail', (tx) => write(desk, tx, arrived, kept));
  desk.failPoint('stored');
  const about = { mail: stored.id, mailbox: arrived.mailbox, bytes: arrived.raw.length };
  desk.log.info(about, stored.isNew ? 'A mail is stored.' : 'A mail came again; it is stored already.');
  return stored;
}

async function write(desk: Desk, tx: Writer, arrived: ArrivedMail, kept: KeptBytes) {
  const now = desk.clock.now();
  const peeked = peek(arrived.raw);
  const [key, ...older] = sameContentKeys(kept.rawDigest, {
    isAnonymous: peeked.isAnonymous,
    at: now,
    arrivedAt: arrived.arrivedAt ?? null,
  });
  const before = await knownBy(tx, older);
  if (before && isStillSame(before.receivedAt, peeked.isAnonymous, now)) return { id: before.id, isNew: false };
  const id = await tx.addOnce('mails', {
    ...unread(arrived, peeked),
    ...kept,
    rawDigest: key,
    sizeBytes: arrived.raw.length,
    receivedAt: arrived.arrivedAt && arrived.arrivedAt < now ? arrived.arrivedAt : now,
  });
  if (id !== null) {
    const lane = laneOfSender(peeked.fromAddress);
    await enqueue(tx, now, { kind: 'mail.process', payload: { mailId: id }, ...(lane ? { lane } : {}), runAt: now });
    tx.afterCommit(() => desk.wake(['mail.process']));
    return { id, isNew: true };
  }
  const known = (await knownBy(tx, [key])) ?? (await knownByPlace(tx, arrived));
  if (!known) throw new Error('A mail was neither stored nor known.');
  return { id: known.id, isNew: false };
}

async function knownBy(tx: Reader, keys: string[]): Promise<Pick<Mail, 'id' | 'receivedAt'> | undefined> {
  if (keys.length === 0) return undefined;
  const { mails } = tx.tables;
  const [known] = await tx
    .select({ id: mails.id, receivedAt: mails.receivedAt })
    .from(mails)
    .where(inArray(mails.rawDigest, keys))
    .orderBy(desc(mails.id))
    .limit(1);
  return known;
}

/** The same place in a mailbox is the same mail, however long ago it was read. */
async function knownByPlace(tx: Reader, { mailbox, uidValidity, uid }: ArrivedMail): Promise<Pick<Mail, 'id'> | undefined> {
  if (uidValidity === undefined || uid === undefined) return undefined;
  const { mails } = tx.tables;
  const isThere = and(eq(mails.mailbox, mailbox), eq(mails.uidValidity, uidValidity), eq(mails.uid, uid));
  const [known] = await tx.select({ id: mails.id }).from(mails).where(isThere).limit(1);
  return known;
}

/** A mail nobody has looked into yet. */
function unread(arrived: ArrivedMail, { messageId, fromAddress }: Peeked) {
  const { mailbox, uidValidity, uid, envelopeFrom, envelopeTo } = arrived;
  return {
    mailbox,
    uidValidity: uidValidity ?? null,
    uid: uid ?? null,
    envelopeFrom,
    envelopeTo,
    contentDigest: null,
    messageId,
    fromAddress,
    wholeSizeBytes: arrived.wholeSizeBytes ?? null,
    isImported: arrived.isImported ?? false,
    state: 'stored' as const,
    outcome: null,
    reasons: [],
    kind: null,
    attempts: 0,
    ticketId: null,
    commentId: null,
    processedAt: null,
    purgedAt: null,
    releasedById: null,
  };
}

async function compress(raw: Uint8Array): Promise<Uint8Array> {
  return raw.length <= SMALL_BYTES ? zstdCompressSync(raw) : compressAside(raw);
}

/** The bytes as they arrived. Throws when retention has removed them. */
export async function rawOf(desk: Desk, mail: Pick<Mail, 'id' | 'raw' | 'rawFile' | 'sizeBytes'>): Promise<Uint8Array> {
  if (mail.rawFile) return desk.files.get(mail.rawFile);
  if (!mail.raw) throw new Error(`The bytes of mail ${mail.id} are gone.`);
  return mail.sizeBytes <= SMALL_BYTES ? zstdDecompressSync(mail.raw) : decompressAside(mail.raw);
}
