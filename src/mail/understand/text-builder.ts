const MAX_QUOTE_DEPTH = 20;
const MAX_URL_LENGTH = 2_000;

/** Lines of text under construction: white space collapses as in a browser, quotes are prefixed when a line is closed. */
export class TextBuilder {
  readonly #lines: string[] = [];
  /** Joined only when the line closes: growing and testing one string is quadratic. */
  #pieces: string[] = [];
  #lastChar = '';
  #lineLength = 0;
  #wantsEmptyLine = false;
  #isBlockStart = true;
  #quoteDepth = 0;
  #preformatted = 0;

  get position(): { line: number; column: number } {
    return { line: this.#lines.length, column: this.#lineLength };
  }

  text(text: string): void {
    if (this.#preformatted > 0) return this.#preformattedText(text);
    const flat = text.replaceAll(/[ \t\r\n\f\u200b]+/g, ' ');
    const piece = this.#lastChar === '' || this.#lastChar === ' ' ? flat.replace(/^ /, '') : flat;
    if (piece === '') return;
    this.#flushEmptyLine();
    this.#add(piece);
  }

  #preformattedText(text: string): void {
    const [first = '', ...rest] = text.replaceAll('\r', '').split('\n');
    this.#flushEmptyLine();
    this.#add(first);
    for (const line of rest) {
      this.#closeLine();
      this.#add(line);
    }
  }

  #add(piece: string): void {
    if (piece === '') return;
    this.#pieces.push(piece);
    this.#lineLength += piece.length;
    this.#lastChar = piece.at(-1) ?? '';
  }

  lineBreak(): void {
    this.#flushEmptyLine();
    this.#closeLine();
  }

  breakTo(breaks: 0 | 1 | 2): void {
    if (breaks === 0) return;
    if (this.#lineLength > 1 || (this.#lineLength === 1 && this.#lastChar !== ' ')) this.#closeLine();
    else this.#startLine();
    if (breaks === 2) this.#wantsEmptyLine = true;
  }

  mark(mark: string): void {
    this.breakTo(1);
    this.#lines.push(this.#prefix() + mark);
    this.#isBlockStart = true;
  }

  quote(change: 1 | -1): void {
    this.breakTo(1);
    if (change === 1) this.#flushEmptyLine();
    this.#quoteDepth += change;
    if (change === 1) this.#isBlockStart = true;
    else this.#wantsEmptyLine = true;
  }

  signature(): void {
    this.breakTo(1);
    if (this.#lines.findLast((line) => line.trim() !== '')?.trim() === '--') return;
    this.#flushEmptyLine();
    this.#add('-- ');
    this.#closeLine();
  }

  preformatted(change: 1 | -1): void {
    this.#preformatted += change;
  }

  bullet(bullet: string): void {
    this.#flushEmptyLine();
    this.#startLine();
    this.#add(bullet);
  }

  cell(): void {
    if (this.#lineLength > 0 && this.#lastChar !== ' ') this.#add(' ');
  }

  /** The address of a link follows its words, unless the words are the address. */
  link(href: string, from: { line: number; column: number }): void {
    const target = href
      .slice(0, MAX_URL_LENGTH + 1)
      .trim()
      .replaceAll(/\s+/g, '');
    const shown = from.line === this.#lines.length ? this.#tail(from.column).trim() : '';
    if (shown === '' || target.length > MAX_URL_LENGTH || !/^(?:https?|mailto):/i.test(target)) return;
    const bare = target.replace(/^mailto:/i, '').replace(/\?.*$/s, '');
    if (sameAddress(shown, target) || sameAddress(shown, bare)) return;
    this.text(/^mailto:/i.test(target) ? ` <${bare}>` : ` (${target})`);
  }

  #tail(column: number): string {
    let size = this.#lineLength;
    let at = this.#pieces.length;
    while (at > 0 && size > column) size -= this.#pieces[--at]?.length ?? 0;
    return this.#pieces
      .slice(at)
      .join('')
      .slice(column - size);
  }

  finish(): string {
    this.#closeLine();
    return tidy(this.#lines);
  }

  #flushEmptyLine(): void {
    if (!this.#wantsEmptyLine) return;
    this.#wantsEmptyLine = false;
    if (!this.#isBlockStart && this.#lines.at(-1) !== this.#prefix().trimEnd()) this.#lines.push(this.#prefix().trimEnd());
  }

  #closeLine(): void {
    this.#lines.push(this.#prefix() + this.#pieces.join(''));
    this.#isBlockStart = false;
    this.#startLine();
  }

  #startLine(): void {
    this.#pieces = [];
    this.#lineLength = 0;
    this.#lastChar = '';
  }

  #prefix(): string {
    return '> '.repeat(Math.max(0, Math.min(this.#quoteDepth, MAX_QUOTE_DEPTH)));
  }
}

const MAX_EMPTY_LINES = 2;

function tidy(lines: string[]): string {
  const kept: string[] = [];
  let empty = 0;
  for (const raw of lines) {
    const line = raw.replaceAll('\u00a0', ' ').trimEnd();
    empty = line === '' ? empty + 1 : 0;
    if (empty <= MAX_EMPTY_LINES && (line !== '' || kept.length > 0)) kept.push(line);
  }
  return kept.join('\n').trimEnd();
}

function sameAddress(shown: string, target: string): boolean {
  const plain = (text: string): string =>
    text
      .replace(/^https?:\/\//i, '')
      .replace(/\/$/, '')
      .toLowerCase();
  return plain(shown) === plain(target);
}
