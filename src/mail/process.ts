import { and, eq, inArray } from 'drizzle-orm';
import { MINUTE } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { Job } from '#jobs/queue.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import { type Desk, SYSTEM } from '#tickets/desk.ts';
import { record } from '#tickets/events.ts';
import { normalAddress } from '#tickets/people.ts';
import { withoutPlus, writerOf } from './arrival.ts';
import { contentKeyOf, receiveMail } from './receive.ts';
import { fateForLog } from './fate-for-log.ts';
import { type Mail, rawOf } from './store.ts';
import { turnOf, type Waiting } from './turn.ts';
import type { Letter, UnderstandingContext } from './understand/letter.ts';
import { type Trust, trustByMailbox } from './trust.ts';
import type { MailWorkers } from './worker.ts';

const CONCURRENCY = 48;
const LEASE_SECONDS = 120;

/** What reading a mail takes of its row. */
type Unread = Waiting &
  Pick<
    Mail,
    'mailbox' | 'receivedAt' | 'isImported' | 'wholeSizeBytes' | 'state' | 'releasedById' | 'envelopeFrom' | 'raw' | 'rawFile' | 'sizeBytes'
  >;

interface Understood extends Ours {
  mail: Unread;
  letter: Letter;
  sha256s: string[];
}

/** Whose addresses are ours: the desk's, and its agents'. */
interface Ours {
  ownAddresses: Set<string>;
  agentAddresses: string[];
  trustOf(mailbox: string): Trust;
}

/** From a stored mail to its fate: read in the mail worker, files made durable, then one transaction. */
export function processMailJob(workers: MailWorkers): JobKind<Desk> {
  const ours = oncePerTurn(addressesOfOurs);
  return {
    kind: 'mail.process',
    concurrency: CONCURRENCY,
    leaseSeconds: LEASE_SECONDS,
    retries: [MINUTE, 5 * MINUTE],
    prepare: async (desk, job) => {
      const [mail] = await desk.db.ask(UNREAD, { mailId: mailIdOf(job) });
      return mail?.state === 'stored' ? understandMail(desk, mail, { workers, ours: await ours(desk) }) : null;
    },
    leavesLane: true,
    apply: (desk, tx, job, prepared) => (prepared ? settle(desk, tx, job, prepared as Understood) : Promise.resolve()),
    gaveUp: (desk, tx, job, error) => quarantine(desk, tx, mailIdOf(job), error),
  };
}

function mailIdOf(job: Job): number {
  return Number(job.payload['mailId']);
}

export async function mailById(reader: Reader, id: number): Promise<Mail | undefined> {
  const [mail] = await reader.select().from(reader.tables.mails).where(eq(reader.tables.mails.id, id)).limit(1);
  return mail;
}

const UNREAD = keep<{ mailId: number }, Unread[]>((reader, { mailId }) => {
  const { id, mailbox, isImported, wholeSizeBytes, state, envelopeFrom, envelopeTo } = reader.tables.mails;
  const { attempts, receivedAt, releasedById, raw, rawFile, sizeBytes } = reader.tables.mails;
  const about = { id, mailbox, isImported, wholeSizeBytes, state, envelopeFrom, envelopeTo, attempts, receivedAt };
  return reader
    .select({ ...about, releasedById, raw, rawFile, sizeBytes })
    .from(reader.tables.mails)
    .where(eq(id, mailId));
});

const STATE = keep<{ mailId: number }, { state: Mail['state'] }[]>((reader, { mailId }) => {
  const { id, state } = reader.tables.mails;
  return reader.select({ state }).from(reader.tables.mails).where(eq(id, mailId));
});

interface Reading {
  workers: MailWorkers;
  ours: Ours;
}

async function understandMail(desk: Desk, mail: Unread, { workers, ours }: Reading): Promise<Understood> {
  const context: UnderstandingContext = {
    ownAddresses: [...ours.ownAddresses],
    ownDomains: [],
    ownMessageIdDomain: desk.tokens.domain,
    agentAddresses: ours.agentAddresses,
    trustedAuthservIds: ours.trustOf(mail.mailbox).authservIds,
    envelopeFrom: mail.envelopeFrom,
    envelopeTo: mail.envelopeTo,
  };
  const letter = await workers.understand(await rawOf(desk, mail), context);
  const sha256s: string[] = [];
  for (const file of letter.attachments) sha256s.push(await desk.files.put(file.bytes));
  return { ...ours, mail, letter, sha256s };
}

async function addressesOfOurs(desk: Desk): Promise<Ours> {
  return {
    ownAddresses: await ourAddresses(desk.db),
    agentAddresses: await agentAddresses(desk.db),
    trustOf: await trustByMailbox(desk.db),
  };
}

/** Mails taken together ask once, and none hears an old answer. */
function oncePerTurn<T>(ask: (desk: Desk) => Promise<T>): (desk: Desk) => Promise<T> {
  let asked: Promise<T> | undefined;
  return (desk) => {
    if (!asked) {
      asked = ask(desk);
      setImmediate(() => {
        asked = undefined;
      });
    }
    return asked;
  };
}

export async function ourAddresses(reader: Reader): Promise<Set<string>> {
  const rows = await reader.select({ address: reader.tables.addresses.address }).from(reader.tables.addresses).limit(500);
  return new Set(rows.map((row) => row.address));
}

const MAX_AGENTS = 500;

async function agentAddresses(reader: Reader): Promise<string[]> {
  const { people, identities } = reader.tables;
  const rows = await reader
    .select({ address: identities.value })
    .from(people)
    .innerJoin(identities, eq(identities.personId, people.id))
    .where(and(inArray(people.role, ['admin', 'agent']), eq(identities.kind, 'email')))
    .limit(MAX_AGENTS);
  return rows.map((row) => row.address);
}

/** A date returned: another mail must come first. */
async function settle(desk: Desk, tx: Writer, job: Job, understood: Understood): Promise<Date | void> {
  const { mail, letter } = understood;
  const { mails } = tx.tables;
  const [now] = await tx.ask(STATE, { mailId: mail.id });
  if (now?.state !== 'stored') return;
  const again = await turnOf(desk, tx, job, understood);
  if (again) return again;
  const fileIds = await writeFiles(desk, tx, understood);
  const fate = await receiveMail(desk, tx, {
    mail,
    letter,
    fileIds,
    ownAddresses: understood.ownAddresses,
    isInternal: isInternal(understood),
  });
  await tx
    .update(mails)
    .set({
      state: fate.outcome === 'quarantined' ? 'quarantined' : 'processed',
      outcome: fate.outcome,
      reasons: [...fate.reasons, ...letter.problems].slice(0, 40),
      kind: letter.kind,
      contentDigest: fate.outcome === 'duplicate' ? null : contentKeyOf(mail, letter),
      messageId: letter.messageId,
      fromAddress: normalAddress(writerOf(letter).address) || null,
      ticketId: fate.ticketId ?? null,
      commentId: fate.commentId ?? null,
      processedAt: desk.clock.now(),
    })
    .where(eq(mails.id, mail.id));
  if (fate.outcome === 'quarantined') await tellHeld(desk, tx, mail.id, fate.reasons);
  tx.afterCommit(() => desk.log.info(fateForLog(mail.id, letter.kind, fate), 'A mail is understood.'));
  desk.failPoint('processed');
}

/** Written by one of us: its own server would have let nobody else do so. */
function isInternal({ mail, letter, ownAddresses, agentAddresses, trustOf }: Understood): boolean {
  if (!trustOf(mail.mailbox).areInternalSendersAuthenticated) return false;
  const from = withoutPlus(letter.from.address);
  return ownAddresses.has(from) || agentAddresses.includes(from);
}

async function writeFiles(desk: Desk, tx: Writer, { letter, sha256s }: Understood): Promise<number[]> {
  if (sha256s.length === 0) return [];
  const createdAt = desk.clock.now();
  const rows = letter.attachments.map((file, index) => ({
    sha256: sha256s[index] ?? '',
    filename: file.filename,
    contentType: file.contentType,
    sizeBytes: file.size,
    createdAt,
  }));
  const written = await tx.insert(tx.tables.files).values(rows).returning({ id: tx.tables.files.id });
  return written.map((row) => row.id);
}

async function quarantine(desk: Desk, tx: Writer, mailId: number, error: unknown): Promise<void> {
  const why = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : 'could not be read';
  await tx
    .update(tx.tables.mails)
    .set({ state: 'quarantined', outcome: 'quarantined', reasons: [why], processedAt: desk.clock.now() })
    .where(eq(tx.tables.mails.id, mailId));
  await tellHeld(desk, tx, mailId, [why]);
}

async function tellHeld(desk: Desk, tx: Writer, mailId: number, why: string[]): Promise<void> {
  await record(desk, tx, null, SYSTEM, { type: 'mail.quarantined', data: { mailId, why } });
}
