import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { and, eq, inArray, isNotNull, ne, or } from 'drizzle-orm';
import { change, type Desk } from './desk.ts';
import { dropRawMails } from './erase-ticket.ts';
import { windowsOf } from './erase-sweep.ts';
import { count, type Tally } from './erase-tally.ts';
import { createRedactor, type Term } from './erase-terms.ts';

const decompress = promisify(zstdDecompress);
/** Encoded parts are opened up to here; what is longer is a file, and those go with their comment. */
const MAX_DECODED_BYTES = 1024 * 1024;

/** Mail of others, as it arrived and as it left, that names the person anywhere: the bytes go, what was understood of them stays. */
export async function eraseQuotingBytes(desk: Desk, terms: Term[], tally: Tally): Promise<void> {
  if (terms.length === 0) return;
  const { mails, deliveries } = desk.db.tables;
  const isIn = mentionIn(terms);
  const hasRaw = and(or(isNotNull(mails.raw), isNotNull(mails.rawFile)), ne(mails.state, 'stored'));
  for await (const ids of windowsOf(desk, 'mails', hasRaw)) {
    const quoting = await filter(ids, async (id) => isIn(await rawMail(desk, id)));
    if (quoting.length === 0) continue;
    count(tally, 'mails', await change(desk, 'erase raw mail', (tx) => dropRawMails(desk, tx, inArray(tx.tables.mails.id, quoting))));
  }
  for await (const ids of windowsOf(desk, 'deliveries', isNotNull(deliveries.bytes))) {
    const quoting = await filter(ids, async (id) => isIn(await deliveryBytes(desk, id)));
    if (quoting.length === 0) continue;
    await change(desk, 'erase delivery bytes', (tx) =>
      tx.update(tx.tables.deliveries).set({ bytes: null }).where(inArray(tx.tables.deliveries.id, quoting)),
    );
    count(tally, 'deliveries', quoting.length);
  }
}

async function filter(ids: number[], isWanted: (id: number) => Promise<boolean>): Promise<number[]> {
  const wanted: number[] = [];
  for (const id of ids) if (await isWanted(id)) wanted.push(id);
  return wanted;
}

export async function rawMail(desk: Desk, id: number): Promise<Uint8Array> {
  const { mails } = desk.db.tables;
  const [mail] = await desk.db.select({ raw: mails.raw, rawFile: mails.rawFile }).from(mails).where(eq(mails.id, id));
  if (mail?.rawFile) return (await desk.files.has(mail.rawFile)) ? desk.files.get(mail.rawFile) : new Uint8Array();
  return mail?.raw ? decompress(mail.raw) : new Uint8Array();
}

async function deliveryBytes(desk: Desk, id: number): Promise<Uint8Array> {
  const { deliveries } = desk.db.tables;
  const [delivery] = await desk.db.select({ bytes: deliveries.bytes }).from(deliveries).where(eq(deliveries.id, id));
  return delivery?.bytes ?? new Uint8Array();
}

/** Does a mail name one of these, in whatever way mail spells it: plain, quoted-printable, base64, encoded words? */
export function mentionIn(terms: Term[]): (bytes: Uint8Array) => boolean {
  const redactor = createRedactor(terms, '');
  return (bytes) => {
    const plain = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    return redactor.isIn(plain) || decodings(plain).some((text) => redactor.isIn(text));
  };
}

/** One class, no nesting and no counting: a run may be as long as the mail. */
const BASE64_RUN = /[A-Za-z0-9+/\r\n]+/g;
const BLANK_LINE = /\r?\n\r?\n/;
const MIN_RUN_LETTERS = 8;

function decodings(plain: string): string[] {
  const unfolded = plain
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9a-f]{2})/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
  // A body begins after a blank line: what stands before it would shift every letter.
  const runs = plain.split(BLANK_LINE).flatMap((part) => part.match(BASE64_RUN) ?? []);
  const opened = runs.filter((run) => run.length >= MIN_RUN_LETTERS).map((run) => Buffer.from(run.slice(0, MAX_DECODED_BYTES), 'base64'));
  return [unfolded, ...opened.flatMap((bytes) => [bytes.toString('latin1'), bytes.toString('utf16le')])];
}
