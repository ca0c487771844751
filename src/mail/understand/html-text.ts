import { Parser } from 'htmlparser2';
import { breakAround, isIndentation, isSignatureElement, quoteMark, SKIPPED, VOID } from './html-tags.ts';
import type { Attributes } from './html-tags.ts';
import { QUOTE_CLOSES, QUOTE_OPENS, withoutForeignMarks } from './quote-marks.ts';
import { TextBuilder } from './text-builder.ts';

const MAX_HTML_LENGTH = 2 * 1024 * 1024;
const MAX_DEPTH = 1_000;
const CHUNK_LENGTH = 16 * 1024;

interface Open {
  tag: string;
  breaks: 0 | 1 | 2;
  isQuote: boolean;
  closes: string | null;
  link: { href: string; from: { line: number; column: number } } | null;
  listNumber: number | null;
}

export interface HtmlText {
  text: string;
  /** Nested so deeply that no other parser should be let at it. */
  isTooDeep: boolean;
}

/** HTML as the text a person would read, quotes as `> ` lines, quote structure as marks. */
export function htmlToText(html: string): HtmlText {
  const walker = new Walker();
  const parser = new Parser(
    {
      onopentag: (tag, attributes) => walker.open(tag, attributes),
      onclosetag: (tag) => walker.close(tag),
      ontext: (text) => walker.text(text),
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  const source = withoutForeignMarks(html.slice(0, MAX_HTML_LENGTH));
  // The parser's cost grows with the square of the depth, so depth is looked at between chunks.
  let at = 0;
  for (; at < source.length && walker.depth <= MAX_DEPTH; at += CHUNK_LENGTH) parser.write(source.slice(at, at + CHUNK_LENGTH));
  const isTooDeep = walker.depth > MAX_DEPTH;
  parser.end();
  return { text: isTooDeep ? `${walker.finish()}\n${withoutTags(source.slice(at))}`.trim() : walker.finish(), isTooDeep };
}

function withoutTags(html: string): string {
  const kept: string[] = [];
  let from = 0;
  while (from < html.length) {
    const opens = html.indexOf('<', from);
    const closes = opens === -1 ? -1 : html.indexOf('>', opens);
    kept.push(html.slice(from, closes === -1 ? html.length : opens));
    if (closes === -1) break;
    from = closes + 1;
  }
  return kept
    .join(' ')
    .replaceAll(/[ \t]+/g, ' ')
    .trim();
}

class Walker {
  readonly #out = new TextBuilder();
  readonly #open: Open[] = [];
  #skipped = 0;

  get depth(): number {
    return this.#open.length;
  }

  open(tag: string, attributes: Attributes): void {
    if (SKIPPED.has(tag) || isHidden(attributes)) {
      if (!VOID.has(tag)) this.#push({ tag, breaks: 0, isQuote: false, closes: 'skip', link: null, listNumber: null });
      return;
    }
    if (this.#skipped > 0) {
      if (!VOID.has(tag)) this.#push(plain(tag));
      return;
    }
    if (tag === 'br') this.#out.lineBreak();
    else if (tag === 'img') this.#image(attributes);
    else this.#element(tag, attributes);
  }

  #element(tag: string, attributes: Attributes): void {
    const mark = quoteMark(tag, attributes);
    const breaks = breakAround(tag, attributes);
    if (mark) this.#out.mark(mark);
    else this.#out.breakTo(breaks);
    if (isSignatureElement(attributes)) this.#out.signature();
    if (VOID.has(tag)) return;
    const isQuote = tag === 'blockquote' && !isIndentation(attributes);
    if (tag === 'li') this.#out.bullet(this.#bullet());
    if (tag === 'td' || tag === 'th') this.#out.cell();
    if (tag === 'pre') this.#out.preformatted(1);
    if (isQuote) this.#out.quote(1);
    const link = tag === 'a' && attributes['href'] ? { href: attributes['href'], from: this.#out.position } : null;
    this.#push({ tag, breaks, isQuote, closes: mark === QUOTE_OPENS ? QUOTE_CLOSES : null, link, listNumber: tag === 'ol' ? 0 : null });
  }

  #push(element: Open): void {
    if (element.closes === 'skip') this.#skipped++;
    this.#open.push(element);
  }

  close(tag: string): void {
    if (VOID.has(tag)) return;
    if (this.#open.at(-1)?.tag !== tag) return;
    const element = this.#open.pop();
    if (!element) return;
    if (element.closes === 'skip') {
      this.#skipped--;
      return;
    }
    if (this.#skipped > 0) return;
    if (element.link) this.#out.link(element.link.href, element.link.from);
    if (tag === 'pre') this.#out.preformatted(-1);
    this.#out.breakTo(element.breaks);
    if (element.isQuote) this.#out.quote(-1);
    if (element.closes) this.#out.mark(element.closes);
  }

  text(text: string): void {
    if (this.#skipped === 0) this.#out.text(text);
  }

  finish(): string {
    return this.#out.finish();
  }

  /** Emoji are often pictures; other alternative texts only repeat what the file list shows. */
  #image(attributes: Attributes): void {
    const MAX_EMOJI_LENGTH = 8;
    const alternative = attributes['alt'] ?? '';
    if (alternative.length <= MAX_EMOJI_LENGTH && /\p{Extended_Pictographic}/u.test(alternative)) this.#out.text(alternative);
  }

  #bullet(): string {
    const list = this.#open.findLast((element) => element.tag === 'ol' || element.tag === 'ul');
    if (list?.listNumber === null || list === undefined) return '- ';
    list.listNumber++;
    return `${list.listNumber}. `;
  }
}

function plain(tag: string): Open {
  return { tag, breaks: 0, isQuote: false, closes: null, link: null, listNumber: null };
}

function isHidden(attributes: Attributes): boolean {
  const style = attributes['style'];
  return style !== undefined && /(?:^|[;\s])display\s*:\s*none/i.test(style.slice(0, 1_000));
}
