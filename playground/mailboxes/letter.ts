import PostalMime from 'postal-mime';
import type { StoredMail } from './store.ts';

/** A mail as a mail program shows it. */
export interface Letter {
  headers: { name: string; value: string }[];
  text: string;
  /** Images that the mail brings along are inside as data; the page shows it in a sandbox. */
  html: string | null;
  files: { index: number; name: string; type: string; size: number; isInline: boolean }[];
  replyTo: { name: string; address: string } | null;
}

export interface LetterFile {
  name: string;
  type: string;
  bytes: Uint8Array;
}

type Parsed = Awaited<ReturnType<PostalMime['parse']>>;
type Summary = Pick<StoredMail, 'from' | 'to' | 'subject' | 'snippet' | 'fileNames' | 'messageId' | 'references' | 'isAutomatic'>;

const SHOWN_HEADERS = ['from', 'to', 'cc', 'reply-to', 'date', 'auto-submitted'];
const SNIPPET_CHARACTERS = 160;
const NAMELESS = 'file';

export async function readLetter(raw: Uint8Array): Promise<Letter> {
  const mail = await parse(raw);
  const replyTo = mail.replyTo?.[0];
  return {
    headers: SHOWN_HEADERS.flatMap((wanted) => mail.headers.filter(({ key }) => key === wanted)).map(({ originalKey, key }) => ({
      name: originalKey ?? key,
      value: shownHeader(mail, key),
    })),
    text: mail.text ?? '',
    html: mail.html ? withInlineImages(mail.html, mail) : null,
    files: mail.attachments.map((file, index) => ({
      index,
      name: nameOf(file),
      type: file.mimeType,
      size: bytesOf(file).byteLength,
      isInline: isInline(file, mail),
    })),
    replyTo: replyTo?.address ? { name: replyTo.name, address: replyTo.address } : null,
  };
}

export async function fileOf(raw: Uint8Array, index: number): Promise<LetterFile | undefined> {
  const file = (await parse(raw)).attachments[index];
  return file && { name: nameOf(file), type: file.mimeType, bytes: bytesOf(file) };
}

/** What the list of a mailbox shows. */
export async function summarise(raw: Uint8Array): Promise<Summary> {
  const mail = await parse(raw);
  const automatic = mail.headers.find(({ key }) => key === 'auto-submitted')?.value ?? 'no';
  return {
    from: person(mail.from),
    to: (mail.to ?? []).map(person),
    subject: mail.subject ?? '',
    snippet: snippetOf(mail.text ?? ''),
    fileNames: mail.attachments.filter((file) => !isInline(file, mail)).map(nameOf),
    messageId: mail.messageId ?? '',
    references: (mail.references ?? mail.inReplyTo ?? '').split(/\s+/).filter((id) => id !== ''),
    isAutomatic: automatic !== 'no',
  };
}

function parse(raw: Uint8Array): Promise<Parsed> {
  return PostalMime.parse(new Uint8Array(raw), { forceRfc822Attachments: true });
}

function shownHeader(mail: Parsed, key: string): string {
  const people = { from: [mail.from], to: mail.to, cc: mail.cc, 'reply-to': mail.replyTo }[key];
  if (!people) return mail.headers.find((header) => header.key === key)?.value ?? '';
  return people
    .map(person)
    .map(({ name, address }) => (name ? `${name} <${address}>` : address))
    .join(', ');
}

function person(about: Parsed['from']): { name: string; address: string } {
  return { name: about?.name ?? '', address: about?.address ?? '' };
}

function nameOf(file: Parsed['attachments'][number]): string {
  return file.filename ?? NAMELESS;
}

function bytesOf(file: Parsed['attachments'][number]): Uint8Array {
  return typeof file.content === 'string' ? Buffer.from(file.content) : new Uint8Array(file.content);
}

function isInline(file: Parsed['attachments'][number], mail: Parsed): boolean {
  return contentId(file) !== null && (mail.html ?? '').includes(`cid:${contentId(file)}`);
}

function contentId(file: Parsed['attachments'][number]): string | null {
  return file.contentId ? file.contentId.replaceAll(/^<|>$/g, '') : null;
}

function withInlineImages(html: string, mail: Parsed): string {
  return mail.attachments.reduce((shown, file) => {
    const id = contentId(file);
    if (id === null || !file.mimeType.startsWith('image/')) return shown;
    return shown.replaceAll(`cid:${id}`, `data:${file.mimeType};base64,${Buffer.from(bytesOf(file)).toString('base64')}`);
  }, html);
}

function snippetOf(text: string): string {
  const words = text
    .replaceAll(/^##-.*-##$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return words.length > SNIPPET_CHARACTERS ? `${words.slice(0, SNIPPET_CHARACTERS)}…` : words;
}
