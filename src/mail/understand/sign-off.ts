import { NAMED_SIGN_OFFS, SIGN_OFFS } from './signature-words.ts';

const MAX_SHORT_LINE = 80;
/** So far from the end a greeting may stand, with a name, a title and a company below it. */
const MAX_LINES_BELOW = 12;
const MAX_NAMES = 4;

/** A line that is only a greeting such as "Best regards". */
export function isSignOff(line: string): boolean {
  return line.length < MAX_SHORT_LINE && SIGN_OFFS.has(bare(line));
}

/**
 * What was written above the greeting at the end. Names of people and companies belong to no language, so they only blur
 * what a text is in. Everything, where nothing stands above.
 */
export function aboveSignOff(text: string): string {
  const lines = text.trimEnd().split('\n');
  for (let at = lines.length - 1; at >= Math.max(1, lines.length - 1 - MAX_LINES_BELOW); at--) {
    const line = lines[at] ?? '';
    if (!isSignOff(line) && !isNamedSignOff(line)) continue;
    const above = lines.slice(0, at).join('\n').trimEnd();
    return above.trim() === '' ? text : above;
  }
  return text;
}

/** "Mvh Lars Ekholm": greeting and name in one line. */
function isNamedSignOff(line: string): boolean {
  if (line.length >= MAX_SHORT_LINE) return false;
  const words = line.trim().split(/[\s,.!]+/);
  for (let count = 1; count <= Math.min(MAX_NAMES, words.length - 1); count++) {
    const names = words.slice(-count).filter((word) => word !== '');
    if (!names.every((name) => /^\p{Lu}[\p{L}'’-]*$/u.test(name))) return false;
    if (NAMED_SIGN_OFFS.has(bare(words.slice(0, -count).join(' ')))) return true;
  }
  return false;
}

function bare(line: string): string {
  return line
    .toLowerCase()
    .replaceAll(/^[\s*_]+|[\s,.!*_]+$/g, '')
    .replaceAll(/[\s.]+/g, ' ')
    .trim();
}
