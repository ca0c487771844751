import DKIM from 'nodemailer/lib/dkim';
import { buffer } from 'node:stream/consumers';
import type { Desk } from '#tickets/desk.ts';
import { type Mailbox, sealedFor } from '#tickets/mailboxes.ts';

type Signing = Pick<Mailbox, 'id' | 'dkimDomain' | 'dkimSelector' | 'dkimKey'>;

/** With a DKIM-Signature (RFC 6376) before it, where its account has a key; signed once, so that every try sends the same bytes. */
export async function signed(desk: Desk, { id, dkimDomain, dkimSelector, dkimKey }: Signing, bytes: Uint8Array): Promise<Uint8Array> {
  if (!dkimDomain || !dkimSelector || !dkimKey) return bytes;
  const dkim = new DKIM({
    domainName: dkimDomain,
    keySelector: dkimSelector,
    privateKey: desk.seal.open(sealedFor('dkimKey', id), dkimKey),
  });
  return buffer(dkim.sign(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
}
