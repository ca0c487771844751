const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
// Overrides, embeddings and isolates can turn what follows around; the plain marks (LRM, RLM) are part of ordinary Hebrew and Arabic.
const DIRECTION_CONTROLS = /[\u202A-\u202E\u2066-\u2069]/gu;
const ELLIPSIS = '…';
// Longer than any real cluster; a longer one is cut, so that no input can make the search long.
const GRAPHEME_WINDOW_CHARACTERS = 40;

/** Text that may stand in a header or a heading: no line ends, no controls, no turned directions, at most `maxCharacters` long. */
export function oneLine(text: string, maxCharacters: number): string {
  const line = text.toWellFormed().replace(CONTROLS, ' ').replace(DIRECTION_CONTROLS, '').replace(/\s+/gu, ' ').trim();
  return clipped(line, maxCharacters);
}

/** Never cuts an emoji or an accented letter in two. */
export function clipped(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  return `${text.slice(0, graphemeBoundary(text, maxCharacters - ELLIPSIS.length)).trimEnd()}${ELLIPSIS}`;
}

function graphemeBoundary(text: string, wanted: number): number {
  const window = text.slice(0, wanted + GRAPHEME_WINDOW_CHARACTERS);
  let end = 0;
  for (const { index } of new Intl.Segmenter().segment(window)) {
    if (index > wanted) break;
    end = index;
  }
  return end;
}
