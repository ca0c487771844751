import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { inArray, isNotNull, or } from 'drizzle-orm';
import type { Row } from '#db/schema.ts';
import type { Desk } from './desk.ts';
import { mentionIn, rawMail } from './erase-bytes.ts';
import { type Subject, termsOf } from './erase-subject.ts';
import { windowsOf } from './erase-sweep.ts';
import { createRedactor } from './erase-terms.ts';
import { inBatches } from './erase-tally.ts';
import { carried, type Load, MAX_CARRIED_BYTES } from './export-load.ts';

const decompress = promisify(zstdDecompress);

export interface ExportedMail extends Pick<
  Row<'mails'>,
  'id' | 'ticketId' | 'mailbox' | 'messageId' | 'fromAddress' | 'envelopeTo' | 'sizeBytes' | 'outcome' | 'reasons' | 'receivedAt'
> {
  /** As it arrived; null when it is no longer kept, or too large to carry (then `rawFile` names it in the files store). */
  rawBase64: string | null;
  rawFile: string | null;
}

export interface ExportedMails {
  mails: ExportedMail[];
  /** Mails between others that speak of them: where they are, and nothing of what others wrote. */
  mailsNaming: Pick<Row<'mails'>, 'id' | 'mailbox' | 'receivedAt'>[];
}

interface MailScope {
  subject: Subject;
  own: number[];
  load: Load;
}

/** Their mails, those of their tickets, and those that went to them too. */
export async function exportMails(desk: Desk, { subject, own, load }: MailScope): Promise<ExportedMails> {
  const { mails } = desk.db.tables;
  const found = new Map<number, Row<'mails'>>();
  const isTheirs = or(inArray(mails.fromAddress, [...subject.addresses, '']), inArray(mails.envelopeFrom, [...subject.addresses, '']));
  const conditions = [isTheirs, ...inBatches(own).map((ids) => inArray(mails.ticketId, ids))];
  for (const condition of conditions)
    for (const mail of await desk.db.aside.select().from(mails).where(condition)) found.set(mail.id, mail);
  const { sentToo, naming } = await mailsNaming(desk, subject, new Set(found.keys()));
  for (const ids of inBatches(sentToo))
    for (const mail of await desk.db.aside.select().from(mails).where(inArray(mails.id, ids))) found.set(mail.id, mail);
  const exported: ExportedMail[] = [];
  for (const mail of [...found.values()].toSorted((a, b) => a.id - b.id)) exported.push(await exportMail(desk, load, mail));
  const named: ExportedMails['mailsNaming'] = [];
  const { id, mailbox, receivedAt } = mails;
  for (const ids of inBatches(naming))
    named.push(...(await desk.db.aside.select({ id, mailbox, receivedAt }).from(mails).where(inArray(id, ids)).orderBy(id)));
  return { mails: exported, mailsNaming: named };
}

async function mailsNaming(desk: Desk, subject: Subject, known: Set<number>): Promise<{ sentToo: number[]; naming: number[] }> {
  const { mails } = desk.db.tables;
  const terms = termsOf(subject).exact;
  const isIn = mentionIn(terms);
  const redactor = createRedactor(terms, '');
  const sentToo: number[] = [];
  const naming: number[] = [];
  for await (const ids of windowsOf(desk, 'mails', or(isNotNull(mails.raw), isNotNull(mails.rawFile)))) {
    for (const id of ids) {
      if (known.has(id)) continue;
      const raw = await rawMail(desk, id);
      if (partiesOf(raw).some((line) => redactor.isIn(line))) sentToo.push(id);
      else if (isIn(raw)) naming.push(id);
    }
  }
  return { sentToo, naming };
}

const MAX_HEADER_BYTES = 256 * 1024;
const PARTIES = /^(?:from|sender|reply-to|to|cc|bcc|resent-to|resent-cc|delivered-to|x-original-to)\s*:/i;

/** The header lines that say between whom a mail went. */
function partiesOf(raw: Uint8Array): string[] {
  const text = Buffer.from(raw.subarray(0, MAX_HEADER_BYTES)).toString('latin1');
  const [head = ''] = text.split(/\r?\n\r?\n/, 1);
  return head
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .filter((line) => PARTIES.test(line));
}

async function exportMail(desk: Desk, load: Load, mail: Row<'mails'>): Promise<ExportedMail> {
  const { id, ticketId, mailbox, messageId, fromAddress, envelopeTo, sizeBytes, outcome, reasons, receivedAt, rawFile } = mail;
  const rawBase64 = rawFile ? await carried(desk, load, { sha256: rawFile, sizeBytes }) : await rawOf(load, mail);
  return { id, ticketId, mailbox, messageId, fromAddress, envelopeTo, sizeBytes, outcome, reasons, receivedAt, rawFile, rawBase64 };
}

async function rawOf(load: Load, { raw, sizeBytes }: Row<'mails'>): Promise<string | null> {
  if (!raw || load.bytes + sizeBytes > MAX_CARRIED_BYTES) return null;
  load.bytes += sizeBytes;
  return (await decompress(raw)).toString('base64');
}
