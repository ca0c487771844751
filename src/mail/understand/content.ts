import { decodeBytes } from './charset.ts';
import { textParameter } from './filename.ts';
import { unflow } from './flowed.ts';
import { readParts } from './mime.ts';
import type { Part } from './mime.ts';
import { signedContent } from './signed-content.ts';

/** One stretch of the body: the same words as text, as HTML, or as both. */
export interface Section {
  plain: string | null;
  html: string | null;
}

export interface Content {
  sections: Section[];
  /** Leaves that are files, in order. */
  files: Part[];
  /** Signatures inside signatures. */
  signedDepth: number;
}

export interface TextProblems {
  add: (problem: string) => void;
}

const BODY_TYPE = /^text\/(?:plain|html|enriched|richtext)$/;
const MAX_SIGNED_DEPTH = 3;
const MAX_TEXT_BYTES = 5 * 1024 * 1024;

/** Sorts every leaf of the tree: it is body or file, so no part is lost. */
export function collectContent(root: Part, problems: TextProblems): Content {
  const content: Content = { sections: [], files: [], signedDepth: 0 };
  if (root.children.length === 0 && BODY_TYPE.test(root.type.value) && root.disposition.value !== 'attachment')
    addSection(root, content, problems);
  else collect(root, content, problems);
  return content;
}

function collect(part: Part, content: Content, problems: TextProblems): void {
  if (part.children.length === 0) return collectLeaf(part, content, problems);
  if (part.type.value === 'multipart/alternative') return collectAlternative(part, content, problems);
  for (const child of part.children) collect(child, content, problems);
}

function collectLeaf(part: Part, content: Content, problems: TextProblems): void {
  if (/^application\/(?:x-)?pkcs7-mime$/.test(part.type.value)) return collectSigned(part, content, problems);
  if (part.type.value === 'application/pgp-encrypted') problems.add('the mail is encrypted and cannot be read');
  if (!isBodyText(part)) {
    content.files.push(part);
    return;
  }
  addSection(part, content, problems);
}

/** An opaque signature holds the mail itself; an encrypted one stays a file. */
function collectSigned(part: Part, content: Content, problems: TextProblems): void {
  const inner = content.signedDepth < MAX_SIGNED_DEPTH ? signedContent(part.content()) : null;
  if (!inner) {
    problems.add('the mail is encrypted and cannot be read');
    content.files.push(part);
    return;
  }
  const { root, problems: inside } = readParts(inner);
  for (const problem of inside) problems.add(problem);
  content.signedDepth++;
  collect(root, content, problems);
  content.signedDepth--;
}

function addSection(part: Part, content: Content, problems: TextProblems): void {
  const text = partText(part, problems);
  content.sections.push(part.type.value === 'text/html' ? { plain: null, html: text } : { plain: text, html: null });
}

/** One section from the alternatives; whatever in them is no text is still a file. */
function collectAlternative(part: Part, content: Content, problems: TextProblems): void {
  const inner: Content = { sections: [], files: [], signedDepth: content.signedDepth };
  for (const child of part.children) collect(child, inner, problems);
  const plain = joined(inner.sections.map((section) => section.plain));
  const html = joined(inner.sections.map((section) => section.html));
  if (plain !== null || html !== null) content.sections.push({ plain, html });
  content.files.push(...inner.files);
}

function joined(texts: (string | null)[]): string | null {
  const present = texts.filter((text): text is string => text !== null);
  return present.length === 0 ? null : present.join('\n');
}

function isBodyText(part: Part): boolean {
  if (!BODY_TYPE.test(part.type.value)) return false;
  if (part.disposition.value === 'attachment') return false;
  return fileName(part, null) === null;
}

export function fileName(part: Part, hint: string | null): string | null {
  return textParameter(part.disposition, 'filename', hint) ?? textParameter(part.type, 'name', hint);
}

export function partText(part: Part, problems: TextProblems): string {
  const bytes = part.content();
  if (bytes.length > MAX_TEXT_BYTES) problems.add('text over 5 MB was cut');
  const charset = part.type.parameters.get('charset') ?? null;
  const decoded = decodeBytes(bytes.subarray(0, MAX_TEXT_BYTES), charset, part.type.value === 'text/html' ? metaCharset(bytes) : null);
  if (decoded.problem) problems.add(decoded.problem);
  const text = decoded.text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replaceAll('\u0000', '').toWellFormed();
  if (part.type.parameters.get('format')?.toLowerCase() === 'flowed')
    return unflow(text, part.type.parameters.get('delsp')?.toLowerCase() === 'yes');
  return /enriched|richtext/.test(part.type.value) ? withoutEnrichment(text) : text;
}

function metaCharset(bytes: Buffer): string | null {
  const head = bytes.subarray(0, 4_096).toString('latin1');
  return /<meta[^>]{1,200}charset\s{0,5}=\s{0,5}["']?([\w:.-]{2,40})/i.exec(head)?.[1] ?? null;
}

/** text/enriched (RFC 1896): commands in angle brackets, `<<` for a bracket. */
function withoutEnrichment(text: string): string {
  return text
    .replaceAll(/<param>[^<]{0,1000}<\/param>/gi, '')
    .replaceAll(/<nl>/gi, '\n')
    .replaceAll('<<', '\ue0d0')
    .replaceAll(/<\/?[a-z]{1,20}>/gi, '')
    .replaceAll('\ue0d0', '<');
}
