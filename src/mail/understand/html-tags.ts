import { MAYBE_QUOTE, QUOTE_OPENS, QUOTE_TO_END } from './quote-marks.ts';

export type Attributes = Record<string, string>;

export const SKIPPED = new Set([
  'script',
  'style',
  'head',
  'title',
  'noscript',
  'template',
  'svg',
  'math',
  'object',
  'iframe',
  'select',
  'textarea',
  'xml',
  'audio',
  'video',
]);
export const VOID = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'param',
  'source',
  'track',
  'wbr',
]);

/** Empty lines (2) or a line break (1) around the element; 0 runs on. */
export function breakAround(tag: string, attributes: Attributes): 0 | 1 | 2 {
  if (PARAGRAPHS.has(tag)) return tag === 'p' && hasNoMargin(attributes) ? 1 : 2;
  return LINES.has(tag) ? 1 : 0;
}

const PARAGRAPHS = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'dl', 'pre', 'blockquote', 'table']);
const LINES = new Set([
  'div',
  'tr',
  'li',
  'dt',
  'dd',
  'section',
  'article',
  'header',
  'footer',
  'address',
  'center',
  'form',
  'fieldset',
  'figure',
  'figcaption',
  'main',
  'nav',
  'aside',
  'caption',
  'hr',
  'body',
]);

function hasNoMargin(attributes: Attributes): boolean {
  const style = attributes['style'] ?? '';
  return (
    /\bMso(?:Normal|PlainText|ListParagraph)|\bp[1-9]\b/.test(attributes['class'] ?? '') ||
    /margin(?:-top|-bottom)?\s*:\s*0/i.test(style.slice(0, 500))
  );
}

const QUOTE_CLASSES =
  /(?:^|[\s_])(?:gmail_quote(?:_container)?|yahoo_quoted|protonmail_quote|zmail_extra|tutanota_quote|moz-cite-prefix|AppleOriginalContents|OutlookMessageHeader|bloop_original_html)(?:\s|$)/;

/** The mark an element stands for, by the ids and classes that mail programs put round what they quote. */
export function quoteMark(tag: string, attributes: Attributes): string | null {
  const id = attributes['id'] ?? '';
  const classes = (attributes['class'] ?? '').slice(0, 500);
  if (tag === 'blockquote') return isCite(attributes) ? QUOTE_OPENS : null;
  if (/^(?:x_)*(?:appendonsend|divRplyFwdMsg|zwchr|stopSpelling|reply-intro|mail-editor-reference-message-container)$/.test(id))
    return QUOTE_TO_END;
  if (/^(?:x_)*(?:yahoo_quoted|OLK_SRC_BODY_SECTION|oriMsgHtmlSeperator)/.test(id)) return QUOTE_OPENS;
  if (attributes['name'] === 'messageReplySection' || attributes['name'] === 'quote') return QUOTE_OPENS;
  if (QUOTE_CLASSES.test(classes)) return QUOTE_OPENS;
  const style = (attributes['style'] ?? '').slice(0, 500);
  if (tag === 'div' && /border-top\s*:\s*(?:solid|#|1)/i.test(style) && /E1E1E1|B5C4DF|ADADAD|solid/i.test(style)) return MAYBE_QUOTE;
  return null;
}

/** Where mail programs mark the signature they inserted. */
export function isSignatureElement(attributes: Attributes): boolean {
  return (
    /^(?:x_)*(?:Signature|AppleMailSignature|ms-outlook-mobile-signature)$/.test(attributes['id'] ?? '') ||
    /(?:^|\s)(?:x_)?(?:gmail_signature|moz-signature|protonmail_signature_block)(?:\s|$)/.test((attributes['class'] ?? '').slice(0, 500))
  );
}

function isCite(attributes: Attributes): boolean {
  return (attributes['type'] ?? '').toLowerCase() === 'cite' || /gmail_quote|yahoo_quoted|protonmail_quote/.test(attributes['class'] ?? '');
}

/** Some programs indent with blockquote; that is layout, not a quote. */
export function isIndentation(attributes: Attributes): boolean {
  return /border\s*:\s*(?:none|0)/i.test((attributes['style'] ?? '').slice(0, 500)) && (attributes['type'] ?? '') === '';
}
