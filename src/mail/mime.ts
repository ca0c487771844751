import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { attachmentName } from './attachment-name.ts';
import { oneLine } from './one-line.ts';
import type { Address, Addressing, FileLabel, RenderedMail } from './outgoing.ts';

export interface OutgoingFile extends FileLabel {
  bytes: Uint8Array;
}

const MAX_REFERENCES = 20;
const MAX_NAME_CHARACTERS = 100;
const MAX_SUBJECT_CHARACTERS = 400;
// Printable ASCII without brackets; longer would not fit a header line of 998 octets.
const MESSAGE_ID = /^<?([\x21-\x3b\x3d\x3f-\x7e]{3,900})>?$/u;
const MEDIA_TYPE = /^[a-z\d][\w.+-]{0,60}\/[a-z\d][\w.+-]{0,80}$/iu;
// Parts that would be read as structure rather than as a file, or that forbid base64.
const STRUCTURAL_TYPE = /^(?:message|multipart)\//iu;

/** The exact bytes of the mail. Nothing in them depends on the moment or on chance, so the same mail built again is the same mail. */
export async function buildBytes(mail: RenderedMail, addressing: Addressing, files: OutgoingFile[]): Promise<Uint8Array> {
  const composer = new MailComposer({
    ...addressHeaders(addressing),
    subject: oneLine(mail.subject, MAX_SUBJECT_CHARACTERS),
    text: mail.text,
    html: mail.html,
    attachments: files.map((file) => attachment(file, mail.html)),
    headers: [...ownHeaders(addressing), { key: 'Content-Language', value: oneLine(mail.language, MAX_NAME_CHARACTERS) }],
    baseBoundary: boundaryOf(mail, addressing),
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

function addressHeaders({ messageId, inReplyTo, references, date, from, replyTo, to, cc }: Addressing) {
  const id = bracketed(messageId);
  if (id === null) throw new Error(`"${messageId}" cannot be a Message-ID`);
  const sent = new Date(date);
  if (Number.isNaN(sent.getTime())) throw new Error(`"${date}" is no date`);
  const answered = bracketed(inReplyTo ?? '');
  return {
    messageId: id,
    date: sent,
    ...(answered === null ? {} : { inReplyTo: answered }),
    references: referencesOf(references, answered),
    from: mailbox(from),
    replyTo: mailbox({ name: null, address: replyTo }),
    to: to.map(mailbox),
    cc: cc.map(mailbox),
  };
}

/** Oldest first and the answered one last; of a long thread the first and the newest, which is how clients find it. */
function referencesOf(references: string[], answered: string | null): string[] {
  const ids = references.map(bracketed).filter((id) => id !== null && id !== answered);
  const unique = [...new Set([...ids, answered].filter((id) => id !== null))];
  return unique.length <= MAX_REFERENCES ? unique : [...unique.slice(0, 1), ...unique.slice(1 - MAX_REFERENCES)];
}

/** Null for what is no id: a broken one in a header would break the thread for everybody. */
function bracketed(id: string): string | null {
  const inner = MESSAGE_ID.exec(id.trim())?.[1];
  return inner === undefined ? null : `<${inner}>`;
}

function mailbox({ name, address }: Address): { name: string; address: string } {
  return { name: oneLine(name ?? '', MAX_NAME_CHARACTERS), address: oneLine(address, Number.POSITIVE_INFINITY) };
}

function ownHeaders({ automatic, instance }: Addressing): { key: string; value: string }[] {
  const loop = { key: 'X-Tiketti-Instance', value: oneLine(instance, MAX_NAME_CHARACTERS) };
  if (automatic === null) return [loop, { key: 'X-Auto-Response-Suppress', value: 'OOF, DR, RN, NRN' }];
  const bulk = automatic === 'auto-generated' ? [{ key: 'Precedence', value: 'bulk' }] : [];
  return [loop, { key: 'Auto-Submitted', value: automatic }, { key: 'X-Auto-Response-Suppress', value: 'All' }, ...bulk];
}

function attachment(file: OutgoingFile, html: string) {
  const isShown = file.contentId !== null && html.includes(`cid:${file.contentId}`);
  return {
    filename: attachmentName(file.filename),
    contentType: contentTypeOf(file.contentType),
    contentDisposition: isShown ? 'inline' : 'attachment',
    content: Buffer.from(file.bytes),
    ...(isShown && file.contentId !== null ? { cid: oneLine(file.contentId, MAX_NAME_CHARACTERS) } : {}),
  };
}

function contentTypeOf(contentType: string): string {
  const [type = ''] = contentType.split(';');
  if (!MEDIA_TYPE.test(type.trim()) || STRUCTURAL_TYPE.test(type.trim())) return 'application/octet-stream';
  const charset = /;\s*charset="?([\w.:-]{1,40})"?/iu.exec(contentType)?.[1];
  return charset === undefined ? type.trim() : `${type.trim()}; charset=${charset}`;
}

function boundaryOf(mail: RenderedMail, { messageId }: Addressing): string {
  return createHash('sha256').update(`${messageId}\n${mail.text}\n${mail.html}`).digest('hex').slice(0, 32);
}
