import { type Block, type Document, plainDocument } from '#text/document.ts';
import type { FileRef } from '#tickets/comment.ts';
import type { Writer } from '#db/database.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Arrival } from './arrival.ts';
import { ensurePerson, normalAddress, type Person } from '#tickets/people.ts';
import type { Letter, Mailbox } from './understand/letter.ts';

/** What the thread shows of a letter: newly written words in a reply, everything but the signature in a first mail. */
export function letterBody(letter: Letter, as: 'first' | 'reply'): { document: Document; fullText: string | null; hiddenLines: number } {
  const shown = (as === 'reply' ? letter.replyText : withoutEnd(letter.text, letter.signature)).trim() || letter.text.trim();
  const document = plainDocument(shown);
  const images: Block[] = letter.attachments.flatMap((file): Block[] =>
    file.inline ? [{ type: 'image', fileId: null, alt: file.filename, ...(file.contentId ? { contentId: file.contentId } : {}) }] : [],
  );
  const isWhole = shown.length === letter.text.trim().length;
  const hiddenLines = isWhole ? 0 : Math.max(1, countLines(letter.text) - countLines(shown));
  return { document: { blocks: [...document.blocks, ...images] }, fullText: isWhole ? null : letter.text, hiddenLines };
}

function withoutEnd(text: string, end: string): string {
  const whole = text.trimEnd();
  const tail = end.trim();
  return tail && whole.endsWith(tail) ? whole.slice(0, -tail.length).replace(/\n--\s*$/, '') : whole;
}

function countLines(text: string): number {
  return text.trim().split('\n').length;
}

export function letterFiles({ letter, fileIds }: Arrival): FileRef[] {
  return letter.attachments.flatMap((file, index): FileRef[] => {
    const fileId = fileIds[index];
    return fileId === undefined ? [] : [{ fileId, isInline: file.inline, contentId: file.contentId }];
  });
}

/** Replies to this very mail, by whoever was copied on it, find the ticket by its Message-ID, and ours answer it. */
export function idOf(letter: Letter): { messageId?: string } {
  return letter.messageId ? { messageId: letter.messageId } : {};
}

/** Whether a mail like this may be answered by Tiketti itself: never automatic ones and addresses nobody reads. */
export function isAnswerable(letter: Letter): boolean {
  return !letter.suppressAutoReply && letter.kind === 'message';
}

/** The person of an address in a mail. */
export function ensureMailbox(desk: Desk, tx: Writer, { address, name }: Mailbox): Promise<Person> {
  return ensurePerson(desk, tx, { kind: 'email', value: normalAddress(address), display: address, name });
}
