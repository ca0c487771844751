import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { inArray, or } from 'drizzle-orm';
import type { Row } from '#db/schema.ts';
import type { Desk } from './desk.ts';
import type { Subject } from './erase-subject.ts';
import { inBatches } from './erase-tally.ts';
import { carried, type Load, MAX_CARRIED_BYTES } from './export-files.ts';

const decompress = promisify(zstdDecompress);

export interface ExportedMail extends Pick<
  Row<'mails'>,
  'id' | 'ticketId' | 'mailbox' | 'messageId' | 'fromAddress' | 'envelopeTo' | 'sizeBytes' | 'outcome' | 'reasons' | 'receivedAt'
> {
  /** As it arrived; null when it is no longer kept, or too large to carry (then `rawFile` names it in the files store). */
  rawBase64: string | null;
  rawFile: string | null;
}

/** Their mails and those of their tickets. */
export async function exportMails(desk: Desk, subject: Subject, own: number[]): Promise<ExportedMail[]> {
  const { mails } = desk.db.tables;
  const found = new Map<number, Row<'mails'>>();
  const isTheirs = or(inArray(mails.fromAddress, [...subject.addresses, '']), inArray(mails.envelopeFrom, [...subject.addresses, '']));
  const conditions = [isTheirs, ...inBatches(own).map((ids) => inArray(mails.ticketId, ids))];
  for (const condition of conditions)
    for (const mail of await desk.db.aside.select().from(mails).where(condition)) found.set(mail.id, mail);
  const load: Load = { bytes: 0 };
  const exported: ExportedMail[] = [];
  for (const mail of [...found.values()].toSorted((a, b) => a.id - b.id)) exported.push(await exportMail(desk, load, mail));
  return exported;
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
