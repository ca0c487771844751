import { createHash } from 'node:crypto';
import { fileName } from './content.ts';
import { safeFilename, uniqueFilename } from './filename.ts';
import { firstHeader } from './header.ts';
import type { Attachment } from './letter.ts';
import type { Part } from './mime.ts';
import { readHeaders } from './header.ts';
import { decodeHeaderText } from './encoded-word.ts';
import { isTnef, unpackTnef } from './tnef.ts';
import type { Uuencoded } from './transfer.ts';

const MAX_ATTACHMENTS = 200;

export interface AttachmentSource {
  files: Part[];
  embedded: Uuencoded[];
  /** Content-IDs that the HTML shows. */
  shownIds: Set<string>;
  charsetHint: string | null;
}

interface Draft {
  filename: string;
  contentType: string;
  contentId: string | null;
  bytes: Buffer;
  from: Attachment['from'];
  isInlineImage: boolean;
}

export function readAttachments(source: AttachmentSource, problems: { add: (problem: string) => void }): Attachment[] {
  const drafts = [
    ...source.files.flatMap((part) => partDrafts(part, source.charsetHint)),
    ...source.embedded.map(({ filename, content }): Draft => ({
      filename,
      contentType: 'application/octet-stream',
      contentId: null,
      bytes: content,
      from: 'mime',
      isInlineImage: false,
    })),
  ];
  if (drafts.length > MAX_ATTACHMENTS)
    problems.add(`${drafts.length - MAX_ATTACHMENTS} files over the limit of ${MAX_ATTACHMENTS} left out`);
  const taken = new Set<string>();
  return drafts.slice(0, MAX_ATTACHMENTS).map((draft, index) => {
    const name = safeFilename(draft.filename) || `attachment-${index + 1}.${extensionOf(draft.contentType)}`;
    const isShown = draft.contentId !== null && source.shownIds.has(draft.contentId);
    return {
      filename: uniqueFilename(name, taken),
      contentType: draft.contentType,
      size: draft.bytes.length,
      sha256: createHash('sha256').update(draft.bytes).digest('hex'),
      inline: isShown || draft.isInlineImage,
      contentId: draft.contentId,
      from: draft.from,
      bytes: draft.bytes,
    };
  });
}

function partDrafts(part: Part, hint: string | null): Draft[] {
  const bytes = part.content();
  const contentType = part.type.value;
  const contentId = cleanContentId(firstHeader(part.headers, 'content-id') ?? firstHeader(part.headers, 'content-location'));
  const filename = fileName(part, hint) ?? (contentType === 'message/rfc822' ? messageName(bytes) : (nameInContentId(contentId) ?? ''));
  const isInlineImage = part.disposition.value === 'inline' && contentType.startsWith('image/') && contentId !== null;
  const outer: Draft = { filename, contentType, contentId, bytes, from: 'mime', isInlineImage };
  const mayBeTnef = /ms-tnef|octet-stream/.test(contentType) || /^winmail\.dat$/i.test(filename);
  return mayBeTnef && isTnef(bytes) ? [outer, ...tnefDrafts(bytes)] : [outer];
}

function tnefDrafts(bytes: Buffer): Draft[] {
  return unpackTnef(bytes).map(({ filename, contentType, contentId, content }) => ({
    filename,
    contentType: contentType?.toLowerCase() ?? 'application/octet-stream',
    contentId: cleanContentId(contentId),
    bytes: content,
    from: 'tnef',
    isInlineImage: false,
  }));
}

function cleanContentId(value: string | null): string | null {
  const id = (value ?? '')
    .trim()
    .replace(/^<(.*)>$/s, '$1')
    .trim()
    .slice(0, 998);
  return id === '' ? null : id;
}

/** Outlook keeps the name of a pasted picture in its Content-ID: `image001.jpg@01CDB132.D8A510F0`. */
function nameInContentId(contentId: string | null): string | null {
  return /^([\w -]{1,100}\.(?:jpe?g|png|gif|bmp|webp|svg|emz|wmz))@/i.exec(contentId ?? '')?.[1] ?? null;
}

/** An attached mail is named by its subject. */
function messageName(bytes: Buffer): string {
  const { headers } = readHeaders(bytes, 0, bytes.length);
  const subject = decodeHeaderText(firstHeader(headers, 'subject') ?? '')
    .trim()
    .slice(0, 80);
  return `${subject === '' ? 'message' : subject.replaceAll(/[\\/:*?"<>|\s]+/g, ' ').trim()}.eml`;
}

const EXTENSIONS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/csv': 'csv',
  'text/calendar': 'ics',
  'text/vcard': 'vcf',
  'text/x-vcard': 'vcf',
  'text/rfc822-headers': 'txt',
  'message/rfc822': 'eml',
  'message/delivery-status': 'txt',
  'message/feedback-report': 'txt',
  'message/disposition-notification': 'txt',
  'application/ms-tnef': 'dat',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'video/mp4': 'mp4',
};

function extensionOf(contentType: string): string {
  return EXTENSIONS[contentType] ?? 'bin';
}
