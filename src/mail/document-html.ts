import { MAX_DOCUMENT_DEPTH, documentText } from '#text/document.ts';
import type { Block, Document, Inline } from '#text/document.ts';
import { STYLE } from './compose-style.ts';
import { clipped } from './one-line.ts';

export interface DocumentLook {
  linkColour: string;
  /** Content-IDs of the images that travel with the mail; any other image shows as its alternative text. */
  images: ReadonlySet<string>;
  /** A confirmation goes to whoever stands in From, so a stranger's words in it carry no clickable links. */
  links: 'live' | 'text';
}

type BlockOf<Type extends Block['type']> = Extract<Block, { type: Type }>;

const SAFE_LINK = /^(?:https?:\/\/|mailto:|tel:)/iu;
const MAX_LINK_CHARACTERS = 2_000;
const LOOKS_LIKE_ADDRESS = /^(?:https?:\/\/)?[\p{L}\d-]+(?:\.[\p{L}\d-]+)+(?:[/?#:]\S*)?$/iu;
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/gu;

export function documentHtml(document: Document, look: DocumentLook): string {
  return blocksHtml(document.blocks, look, 0);
}

/** The beginning of a long document: a mail that quotes does not have to repeat all of it. */
export function clippedDocument(document: Document, maxCharacters: number): Document {
  const blocks: Block[] = [];
  let left = maxCharacters;
  for (const block of document.blocks) {
    const text = documentText({ blocks: [block] });
    if (text.length > left) return { blocks: [...blocks, plainParagraph(clipped(text, Math.max(left, 1)))] };
    blocks.push(block);
    left -= text.length;
  }
  return { blocks };
}

export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(CONTROLS, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Escaped text with its line ends and runs of spaces kept. */
export function linesHtml(text: string): string {
  return escapeHtml(text)
    .replaceAll('  ', ' \u00a0')
    .replace(/\r\n|\r|\n/gu, '<br>\n');
}

function blocksHtml(blocks: Block[], look: DocumentLook, depth: number): string {
  if (depth > MAX_DOCUMENT_DEPTH) return '';
  return blocks.map((block) => blockHtml(block, look, depth)).join('\n');
}

function blockHtml(block: Block, look: DocumentLook, depth: number): string {
  switch (block.type) {
    case 'paragraph':
      return `<p dir="auto" style="${STYLE.paragraph}">${inlinesHtml(block.inlines, look)}</p>`;
    case 'code':
      return `<pre dir="ltr" class="t-code" style="${STYLE.pre}">${escapeHtml(block.text)}</pre>`;
    case 'quote':
      return `<blockquote class="t-quote" style="${STYLE.quote}">${blocksHtml(block.blocks, look, depth + 1)}</blockquote>`;
    case 'image':
      return imageHtml(block, look);
    case 'list':
      return listHtml(block, look, depth);
    default:
      return block satisfies never;
  }
}

function imageHtml(image: BlockOf<'image'>, look: DocumentLook): string {
  const alt = escapeHtml(image.alt);
  if (image.contentId === undefined || !look.images.has(image.contentId)) {
    return alt ? `<p dir="auto" style="${STYLE.paragraph}">[${alt}]</p>` : '';
  }
  return `<img src="cid:${escapeHtml(image.contentId)}" alt="${alt ? `[${alt}]` : ''}" style="${STYLE.image}">`;
}

function listHtml(list: BlockOf<'list'>, look: DocumentLook, depth: number): string {
  const tag = list.ordered ? 'ol' : 'ul';
  const items = list.items.map((blocks) => `<li dir="auto" style="${STYLE.item}">${itemHtml(blocks, look, depth + 1)}</li>`);
  return `<${tag} style="${depth === 0 ? STYLE.list : STYLE.innerList}">\n${items.join('\n')}\n</${tag}>`;
}

function itemHtml(blocks: Block[], look: DocumentLook, depth: number): string {
  const [first, ...rest] = blocks;
  if (first?.type !== 'paragraph') return blocksHtml(blocks, look, depth);
  return [inlinesHtml(first.inlines, look), blocksHtml(rest, look, depth)].filter((part) => part !== '').join('\n');
}

function inlinesHtml(inlines: Inline[], look: DocumentLook): string {
  return inlines.map((inline) => inlineHtml(inline, look)).join('');
}

function inlineHtml(inline: Inline, look: DocumentLook): string {
  switch (inline.type) {
    case 'text':
      return textHtml(inline);
    case 'link':
      return linkHtml(inline, look);
    case 'mention':
      return `<bdi>${escapeHtml(inline.name)}</bdi>`;
    case 'emoji':
      return escapeHtml(inline.unicode ?? '');
    case 'break':
      return '<br>\n';
    default:
      return inline satisfies never;
  }
}

function textHtml(inline: Extract<Inline, { type: 'text' }>): string {
  let html = linesHtml(inline.text);
  if (inline.code) html = `<code class="t-code" style="${STYLE.code}">${html}</code>`;
  if (inline.strike) html = `<s>${html}</s>`;
  if (inline.italic) html = `<em>${html}</em>`;
  if (inline.bold) html = `<strong>${html}</strong>`;
  return html;
}

function linkHtml(link: Extract<Inline, { type: 'link' }>, look: DocumentLook): string {
  const label = link.text || link.url;
  const spelledOut = label === link.url ? label : `${label} (${link.url})`;
  if (look.links === 'text' || !isSafeLink(link.url)) return linesHtml(spelledOut);
  const anchor = `<a href="${escapeHtml(link.url)}" class="t-link" style="color:${look.linkColour}">${linesHtml(label)}</a>`;
  return isDisguised(label, link.url) ? `${anchor} (${escapeHtml(link.url)})` : anchor;
}

function isSafeLink(url: string): boolean {
  return SAFE_LINK.test(url) && url.length <= MAX_LINK_CHARACTERS && URL.canParse(url);
}

/** The words name one site and the link leads to another. */
function isDisguised(label: string, url: string): boolean {
  const words = label.trim();
  if (!LOOKS_LIKE_ADDRESS.test(words)) return false;
  const named = URL.parse(words.includes('://') ? words : `https://${words}`);
  return named !== null && bareHost(named.host) !== bareHost(new URL(url).host);
}

function bareHost(host: string): string {
  return host.replace(/^www\./u, '');
}

function plainParagraph(text: string): Block {
  const inlines = text.split('\n').flatMap((line, index): Inline[] => {
    const words: Inline = { type: 'text', text: line };
    return index === 0 ? [words] : [{ type: 'break' }, words];
  });
  return { type: 'paragraph', inlines };
}
