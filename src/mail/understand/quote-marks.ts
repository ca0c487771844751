/** Private-use characters that carry the HTML structure of quotes through the text; they never leave `understand`. */
export const QUOTE_OPENS = '\ue0c0';
export const QUOTE_CLOSES = '\ue0c1';
/** From here to the end is the earlier mail. */
export const QUOTE_TO_END = '\ue0c2';
/** A rule line that may start an earlier mail, if a header block follows. */
export const MAYBE_QUOTE = '\ue0c3';

const ANY_MARK = /[\ue0c0-\ue0c3]/g;

export function isMark(line: string): boolean {
  return line.length === 1 && line >= QUOTE_OPENS && line <= MAYBE_QUOTE;
}

export function withoutMarks(text: string): string {
  return ANY_MARK.test(text) ? text.replaceAll(/^[ >]*[\ue0c0-\ue0c3]\n?/gm, '').replaceAll(ANY_MARK, '') : text;
}

/** Marks typed by a sender would forge structure. */
export function withoutForeignMarks(text: string): string {
  return text.replaceAll(ANY_MARK, '');
}
