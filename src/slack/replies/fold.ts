/**
 * Letters as a reader sees them: case, accents, width, invisible characters and look-alikes of another alphabet make no
 * difference. Marks and word lists are compared this way, so that no trick of typing or pasting slips one past.
 */

const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}\u115f\u1160\u3164\uffa0]/gu;
const PLAIN = /^[!-~]$/;
const PLAIN_WORD = /^[!-~]*$/;
const SPACE = /[\s\p{Z}\u2800]/gu;
const COLONS = new Set(['꞉', '∶', '˸', '׃', 'ː', '᛬', '։']);
const LOOK_ALIKES = new Map(
  Object.entries({
    а: 'a',
    е: 'e',
    о: 'o',
    р: 'p',
    с: 'c',
    у: 'y',
    х: 'x',
    і: 'i',
    ѕ: 's',
    ј: 'j',
    к: 'k',
    м: 'm',
    т: 't',
    в: 'b',
    н: 'h',
    ο: 'o',
    ν: 'v',
    τ: 't',
    ε: 'e',
  }),
);

/** One character, folded; empty for what nobody can see. */
export function foldCharacter(character: string): string {
  if (PLAIN.test(character)) return character.toLowerCase();
  const folded = character.normalize('NFKD').toLowerCase().replaceAll(INVISIBLE, '').replaceAll(SPACE, ' ');
  return COLONS.has(folded) ? ':' : folded;
}

/** As `foldCharacter`, with Cyrillic and Greek look-alikes as their Latin twins. */
export function skeleton(folded: string): string {
  return Array.from(folded, (character) => LOOK_ALIKES.get(character) ?? character).join('');
}

/** A word for comparison: composed, lower case, without anything invisible. Accents stay: `sää` is not `saa`. */
export function plainWord(word: string): string {
  if (PLAIN_WORD.test(word)) return word.toLowerCase();
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\p{Cf}\u115f\u1160\u3164\uffa0\ufe0f\ufe0e]/gu, '')
    .replaceAll('ё', 'е')
    .replaceAll('’', "'");
}

/** Without accents as well: for names, which people write as their keyboard allows. */
export function bareName(name: string): string {
  return Array.from(name.replaceAll('ё', 'е').replaceAll('й', 'и'), foldCharacter).join('').trim();
}
