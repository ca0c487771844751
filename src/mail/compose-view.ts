import type { Translate } from '#i18n.ts';
import { documentText } from '#text/document.ts';
import type { Document } from '#text/document.ts';
import { attachmentName } from './attachment-name.ts';
import { palette } from './compose-colour.ts';
import { STYLE } from './compose-style.ts';
import { clippedDocument, documentHtml, linesHtml } from './document-html.ts';
import type { DocumentLook } from './document-html.ts';
import { moment } from './moment.ts';
import { clipped, oneLine } from './one-line.ts';
import type { OutgoingContent } from './outgoing.ts';
import { greetedName, personName } from './person-name.ts';

const MAX_QUOTED_CHARACTERS = 4_000;
const MAX_NAME_CHARACTERS = 60;
const MAX_HEADING_CHARACTERS = 240;
const MAX_LISTED_FILES = 10;
const MAX_PREVIEW_CHARACTERS = 140;
const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ps', 'ur', 'yi']);

export type View = ReturnType<typeof viewOf>;

/** Everything a shipped template may say, each text both ways: `html` is safe to insert as it is, `text` is plain. */
export function viewOf(content: OutgoingContent, t: Translate) {
  const colour = palette(content.brand.colour);
  const look = lookOf(content, colour.link);
  const brand = { name: oneLine(content.brand.name, MAX_NAME_CHARACTERS), logoUrl: httpsOnly(content.brand.logoUrl) };
  const number = oneLine(content.ticket.number, MAX_NAME_CHARACTERS);
  return {
    language: languageTag(content.language),
    direction: RIGHT_TO_LEFT.has(languageTag(content.language).split('-')[0] ?? '') ? 'rtl' : 'ltr',
    style: STYLE,
    colour,
    brand,
    ticket: { number, subject: oneLine(content.ticket.subject, MAX_HEADING_CHARACTERS) || t('mail:subject.none', { brand: brand.name }) },
    previousNumber: oneLine(content.variables.previousNumber ?? '', MAX_NAME_CHARACTERS),
    greeting: greeting(content.person.name, t),
    marker: t('mail:marker'),
    body: bodyOf(content, look),
    signature: signatureOf(content, brand.name),
    quote: quoteOf(content, look, t),
    files: filesLine(content, t),
    about: t('mail:footer.about', { number, brand: brand.name }),
    isSolved: content.isSolved && content.template === 'reply',
  };
}

/** The first words a mailbox list shows beside the subject; without it every mail of ours would begin with the marker. */
export function previewOf(text: string): string {
  const line = oneLine(text, Number.POSITIVE_INFINITY);
  return clipped(line, MAX_PREVIEW_CHARACTERS).replace(/…$/u, '');
}

export function languageTag(language: string): string {
  return /^[a-z]{2,3}(?:-[a-z\d]{2,8})*$/iu.test(language) ? language : 'en';
}

function lookOf(content: OutgoingContent, linkColour: string): DocumentLook {
  const images = content.files.flatMap((file) => (file.contentId !== null && isPicture(file.contentType) ? [file.contentId] : []));
  return { linkColour, images: new Set(images), links: quotesRequester(content) ? 'text' : 'live' };
}

function greeting(name: string | null, t: Translate): string {
  const known = greetedName(name);
  return known ? t('mail:greeting.named', { name: known }) : t('mail:greeting.plain');
}

function bodyOf(content: OutgoingContent, look: DocumentLook) {
  if (!content.body) return null;
  const body = quotesRequester(content) ? clippedDocument(content.body, MAX_QUOTED_CHARACTERS) : content.body;
  const text = documentText(body).trim();
  return text || content.body.blocks.length > 0 ? { html: documentHtml(body, look), text, quoted: asQuoted(text) } : null;
}

/** The automatic answers show people their own words; every other body is the agent's. */
function quotesRequester(content: OutgoingContent): boolean {
  return content.template === 'confirmation' || content.template === 'follow_up';
}

function signatureOf(content: OutgoingContent, brand: string) {
  const automaticLines = [oneLine(content.agent.name ?? '', MAX_NAME_CHARACTERS), brand].filter((line) => line !== '');
  const text = (content.agent.signature ?? automaticLines.join('\n')).trim();
  return text ? { html: linesHtml(text), text } : null;
}

function quoteOf({ quoted, language, timeZone }: OutgoingContent, look: DocumentLook, t: Translate) {
  if (!quoted) return null;
  const body: Document = clippedDocument(quoted.body, MAX_QUOTED_CHARACTERS);
  const name = personName(quoted.from) || oneLine(quoted.from, MAX_NAME_CHARACTERS);
  return {
    attribution: t('mail:quote.wrote', { name, date: moment(quoted.at, { language: languageTag(language), timeZone }, t) }),
    html: documentHtml(body, { ...look, links: 'text' }),
    text: asQuoted(documentText(body).trim()),
  };
}

function filesLine(content: OutgoingContent, t: Translate): string {
  const attached = content.files.filter((file) => !(file.contentId !== null && isPicture(file.contentType)));
  if (attached.length === 0) return '';
  const names = attached.slice(0, MAX_LISTED_FILES).map((file) => attachmentName(file.filename));
  return t('mail:files', { count: attached.length, names: [...names, ...(attached.length > MAX_LISTED_FILES ? ['…'] : [])].join(', ') });
}

function asQuoted(text: string): string {
  return text
    .split(/\r\n|\r|\n/u)
    .map((line) => (line ? `> ${line}` : '>'))
    .join('\n');
}

function isPicture(contentType: string): boolean {
  return /^image\/(?:png|jpeg|gif|webp)\b/iu.test(contentType);
}

function httpsOnly(url: string | null): string | null {
  return url !== null && URL.parse(url)?.protocol === 'https:' ? url : null;
}
