/** Header blocks and structured values. Values stay byte strings (one char a byte) so that a later step can choose the charset. */
export interface Header {
  name: string;
  value: string;
}

export interface HeaderBlock {
  headers: Header[];
  /** Offset of the first body byte. */
  bodyStart: number;
  problems: string[];
}

export interface Structured {
  value: string;
  parameters: Map<string, string>;
}

export const MAX_HEADERS = 500;
export const MAX_HEADER_BYTES = 64 * 1024;
const MAX_BLOCK_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;
const FIELD_NAME = /^([!-9;-~]{1,200})[ \t]*:/;

interface Draft {
  name: string;
  pieces: string[];
  size: number;
}

export function readHeaders(bytes: Buffer, start: number, end: number): HeaderBlock {
  const drafts: Draft[] = [];
  const problems = new Set<string>();
  let at = start;
  while (at < end) {
    const lineEnd = endOfLine(bytes, at, end);
    const next = Math.min(lineEnd + 1, end);
    if (at - start > MAX_BLOCK_BYTES) problems.add('headers over 1 MB ignored');
    else {
      const line = bytes.toString('latin1', at, Math.min(lineEnd, at + MAX_HEADER_BYTES)).replace(/\r$/, '');
      if (line.trim() === '') return finish(drafts, next, problems);
      const verdict = takeLine(line, drafts);
      if (verdict === 'stray' && !anotherHeaderFollows(bytes, next, end)) {
        if (drafts.length > 0) problems.add('no empty line between headers and body');
        return finish(drafts, at, problems);
      }
      if (verdict === 'stray') joinStray(line, drafts, problems);
    }
    at = next;
  }
  return finish(drafts, end, problems);
}

function takeLine(line: string, drafts: Draft[]): 'taken' | 'stray' {
  const last = drafts.at(-1);
  if (last && (line.startsWith(' ') || line.startsWith('\t'))) {
    extend(last, line);
    return 'taken';
  }
  const match = FIELD_NAME.exec(line);
  if (!match) return /^>?From /.test(line) ? 'taken' : 'stray';
  drafts.push({ name: (match[1] ?? '').toLowerCase(), pieces: [line.slice(match[0].length)], size: line.length });
  return 'taken';
}

/** Mailers that fold without indenting leave lines that are no header; they belong to the header above. */
function joinStray(line: string, drafts: Draft[], problems: Set<string>): void {
  const last = drafts.at(-1);
  problems.add(last ? `a line that is no header was read as part of ${last.name}` : 'the first line is no header');
  if (last) extend(last, ` ${line}`);
}

function extend(draft: Draft, line: string): void {
  if (draft.size > MAX_HEADER_BYTES) return;
  draft.pieces.push(line);
  draft.size += line.length;
}

function anotherHeaderFollows(bytes: Buffer, start: number, end: number): boolean {
  const MAX_LOOKAHEAD_LINES = 50;
  let at = start;
  for (let count = 0; count < MAX_LOOKAHEAD_LINES && at < end; count++) {
    const lineEnd = endOfLine(bytes, at, end);
    const line = bytes.toString('latin1', at, Math.min(lineEnd, at + 300));
    if (line.trim() === '') return false;
    if (
      /^(?:from|to|cc|subject|date|message-id|received|mime-version|content-[a-z-]+|x-[a-z0-9-]+|return-path|reply-to)[ \t]*:/i.test(line)
    )
      return true;
    at = lineEnd + 1;
  }
  return false;
}

function endOfLine(bytes: Buffer, at: number, end: number): number {
  const found = bytes.indexOf(LINE_FEED, at);
  return found === -1 || found > end ? end : found;
}

function finish(drafts: Draft[], bodyStart: number, problems: Set<string>): HeaderBlock {
  if (drafts.length > MAX_HEADERS) problems.add(`${drafts.length - MAX_HEADERS} headers over the limit of ${MAX_HEADERS} ignored`);
  const headers = drafts.slice(0, MAX_HEADERS).map(({ name, pieces }) => ({ name, value: pieces.join('').trim() }));
  return { headers, bodyStart, problems: [...problems] };
}

export function firstHeader(headers: Header[], name: string): string | null {
  return headers.find((header) => header.name === name)?.value ?? null;
}

export function allHeaders(headers: Header[], name: string): string[] {
  return headers.filter((header) => header.name === name).map((header) => header.value);
}

/** `text/plain; charset="utf-8"; name*0*=…`; the first of a doubled parameter wins, as with doubled headers. */
export function parseStructured(text: string): Structured {
  const pieces = splitParameters(withoutComments(text));
  const parameters = new Map<string, string>();
  for (const piece of pieces.slice(1)) {
    const equals = piece.indexOf('=');
    if (equals <= 0) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    if (!parameters.has(name)) parameters.set(name, unquoted(piece.slice(equals + 1).trim()));
  }
  return { value: unquoted((pieces[0] ?? '').trim()).toLowerCase(), parameters };
}

function splitParameters(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\' && isQuoted) at++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (char === ';' && !isQuoted) {
      pieces.push(text.slice(from, at));
      from = at + 1;
    }
  }
  // An odd quote would swallow every parameter after it, the boundary included.
  if (isQuoted && text.slice(from).includes(';')) return text.split(';');
  return [...pieces, text.slice(from)];
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  const closing = closingQuote(text);
  return text.slice(1, closing).replaceAll(/\\(["\\])/g, '$1');
}

function closingQuote(text: string): number {
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** Comments stand where white space may; a parenthesis inside a token (`name=Invoice(1).pdf`) is content. */
function withoutComments(text: string): string {
  if (!text.includes('(')) return text;
  const kept: string[] = [];
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '"' && depth === 0) isQuoted = !isQuoted;
    const opens = char === '(' && !isQuoted && (depth > 0 || at === 0 || /[\s;/]/.test(text[at - 1] ?? ''));
    if (opens) depth++;
    else if (char === ')' && depth > 0) depth--;
    else if (depth === 0) kept.push(char);
  }
  return depth === 0 ? kept.join('') : text;
}
