import { createHash } from 'node:crypto';
import { detectLanguage, type Language } from '#text/language.ts';
import { readAttachments } from './attachments.ts';
import { readAuthentication } from './authentication.ts';
import { readBody } from './body.ts';
import { collectContent } from './content.ts';
import { readEnvelope } from './envelope.ts';
import type { Envelope } from './envelope.ts';
import { describeForward } from './forwarded-message.ts';
import { judge } from './judge.ts';
import type { Letter, UnderstandingContext } from './letter.ts';
import { readParts } from './mime.ts';
import type { Part } from './mime.ts';
import { withoutMarks } from './quote-marks.ts';
import { newText } from './new-text.ts';
import { requesterOf } from './requester.ts';
import { sanitizeMailHtml } from './sanitize.ts';
import { aboveSignOff } from './sign-off.ts';

const MAX_RAW_BYTES = 50 * 1024 * 1024;
const MAX_PROBLEMS = 50;

/** Everything Tiketti understands of a mail. Pure, and total: whatever the bytes, there is a letter, if need be with `problems`. */
export async function understand(raw: Uint8Array, context: UnderstandingContext): Promise<Letter> {
  const { root, problems: mimeProblems } = readParts(raw.subarray(0, MAX_RAW_BYTES));
  const problems = new Set(mimeProblems);
  if (raw.length > MAX_RAW_BYTES) problems.add('mail over 50 MB was cut');
  const envelope = readEnvelope(root, problems);
  const content = collectContent(root, problems);
  const body = readBody(content.sections);
  const html = body.html === null ? null : await safeHtml(body.html, body.isTooDeep, problems);
  const attachments = readAttachments(
    { files: content.files, embedded: body.embeddedFiles, shownIds: shownIds(html), charsetHint: envelope.charsetHint },
    problems,
  );
  const text = withoutMarks(body.markedText);
  const judgement = judge({ root, envelope, text }, context);
  const forwarded = judgement.bounce ? null : describeForward({ root, body, subject: envelope.subject });
  const written = newText(body, { isReply: context.isReply ?? true, isForward: forwarded !== null });
  const requester = requesterOf({ ...envelope, headers: root.headers, forwarded }, context);
  const { charsetHint: _charsetHint, ...visible } = envelope;
  return {
    ...visible,
    requester,
    ...judgement,
    forwarded,
    text,
    ...written,
    html,
    language: languageOf(requester.why === 'forward' && forwarded ? forwarded.body : written.replyText, envelope.subject),
    attachments,
    authentication: readAuthentication(root.headers, context.trustedAuthservIds),
    problems: [...problems].slice(0, MAX_PROBLEMS),
    contentDigest: digestOf(root, envelope),
  };
}

async function safeHtml(html: string, isTooDeep: boolean, problems: Set<string>): Promise<string | null> {
  const safe = isTooDeep ? null : await sanitizeMailHtml(html);
  if (safe === null) problems.add('HTML too deep, too long or with too many links: shown as text');
  return safe;
}

function shownIds(html: string | null): Set<string> {
  const ids = new Set<string>();
  for (const match of (html ?? '').matchAll(/src="cid:([^"]{1,998})"/gi)) ids.add(safeDecode(match[1] ?? ''));
  return ids;
}

function safeDecode(text: string): string {
  const plain = text.replaceAll('&amp;', '&');
  return /%[0-9A-Fa-f]{2}/.test(plain)
    ? plain.replaceAll(/%([0-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : plain;
}

/** A subject is a help only where the body has few words. */
function languageOf(written: string, subject: string): Language | null {
  const MIN_BODY_LENGTH = 60;
  const replyText = aboveSignOff(written);
  const own = detectLanguage(replyText);
  if (replyText.length >= MIN_BODY_LENGTH || subject === '') return own;
  const together = detectLanguage(`${replyText}\n${subject}`);
  if (own && together && own.code !== together.code) return { ...own, confidence: Math.min(own.confidence, 0.6) };
  return own ?? (together && { ...together, letters: 0 });
}

/** Over what the sender made, not over what servers added on the way. */
function digestOf(root: Part, envelope: Envelope): string {
  const hash = createHash('sha256').update(`${envelope.messageId ?? ''}\n${envelope.from.address.toLowerCase()}\n${envelope.date ?? ''}\n`);
  const update = (part: Part): void => {
    if (part.children.length === 0) hash.update(part.type.value).update('\n').update(part.content());
    for (const child of part.children) update(child);
  };
  update(root);
  return hash.digest('hex');
}
