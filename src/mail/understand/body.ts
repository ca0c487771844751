import type { Section } from './content.ts';
import { htmlToText } from './html-text.ts';
import { withoutForeignMarks } from './quote-marks.ts';
import { extractUuencoded } from './transfer.ts';
import type { Uuencoded } from './transfer.ts';

export interface Body {
  /** With quote marks where they came from HTML. */
  markedText: string;
  /** The HTML's own reading, where there is HTML; it knows its quotes better than the plain text does. */
  markedHtmlText: string | null;
  /** Unsanitized. */
  html: string | null;
  isTooDeep: boolean;
  embeddedFiles: Uuencoded[];
}

const MAX_TEXT_LENGTH = 2_000_000;
const MAX_HTML_LENGTH = 4 * 1024 * 1024;
const MIN_SHARE_OF_HTML = 0.1;
const MIN_HTML_TEXT = 200;

interface Read {
  text: string;
  htmlText: string | null;
  isTooDeep: boolean;
}

export function readBody(sections: Section[]): Body {
  const read = readSections(sections);
  const joinedText = read
    .map(({ text }) => text)
    .join('\n')
    .slice(0, MAX_TEXT_LENGTH);
  const { text, files } = extractUuencoded(joinedText);
  const hasHtml = sections.some((section) => section.html !== null);
  return {
    markedText: text.replace(/^(?:[ \t]*\n)+/, '').trimEnd(),
    markedHtmlText: hasHtml
      ? read
          .map((section) => section.htmlText ?? section.text)
          .join('\n')
          .slice(0, MAX_TEXT_LENGTH)
      : null,
    html: hasHtml ? sections.map((section) => section.html ?? asHtml(section.plain ?? '')).join('\n') : null,
    isTooDeep: read.some((section) => section.isTooDeep),
    embeddedFiles: files,
  };
}

/** HTML is dear to read, so there is only so much of it for a mail. */
function readSections(sections: Section[]): Read[] {
  let left = MAX_HTML_LENGTH;
  return sections.map(({ plain, html }) => {
    const affordable = html === null ? null : html.slice(0, left);
    left -= affordable?.length ?? 0;
    return readSection({ plain, html: affordable });
  });
}

function readSection({ plain, html }: Section): Read {
  const fromHtml = html === null ? null : htmlToText(html);
  const plainText = plain === null ? null : withoutForeignMarks(plain);
  const usePlain = plainText !== null && (!fromHtml || !isPlaceholder(plainText, fromHtml.text));
  return { text: usePlain ? plainText : (fromHtml?.text ?? ''), htmlText: fromHtml?.text ?? null, isTooDeep: fromHtml?.isTooDeep ?? false };
}

/** "Your mail program cannot show HTML" is not what the sender wrote. */
function isPlaceholder(plain: string, htmlText: string): boolean {
  const length = plain.trim().length;
  return length === 0 ? htmlText.trim() !== '' : htmlText.length > MIN_HTML_TEXT && length < htmlText.length * MIN_SHARE_OF_HTML;
}

function asHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<div>${escaped.replaceAll('\n', '<br>\n')}</div>`;
}
