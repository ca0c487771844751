import { normalPhone } from '#tickets/people.ts';

/** What stands after `create`: pure. */
export interface TypedWords {
  phone: string | null;
  address: string | null;
  /** Everything else. */
  rest: string;
  /** Is the rest somebody's name? `maybe` is for the desk to say: people type names in lower case too. */
  isName: 'yes' | 'maybe' | 'no';
}

const TOKEN = /<(?:mailto|tel):[^|>]*\|([^>]*)>/g;
const ADDRESS = /[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+/;
const PHONE = /\+?\d[\d\s().-]{4,20}\d/;
const NAME_WORD = /^\p{L}[\p{L}'’.-]*$/u;
const CAPITAL = /^\p{Lu}/u;
const MAX_NAME_WORDS = 4;
const MAX_LOWER_CASE_WORDS = 3;

export function readTyped(text: string, country: string): TypedWords {
  const plain = text.replaceAll(TOKEN, '$1');
  const address = ADDRESS.exec(plain)?.[0] ?? null;
  const withoutAddress = address ? plain.replace(address, ' ') : plain;
  const digits = PHONE.exec(withoutAddress)?.[0];
  const phone = digits ? normalPhone(digits, country) : null;
  const rest = (phone && digits ? withoutAddress.replace(digits, ' ') : withoutAddress).replaceAll(/[\s,;]+/g, ' ').trim();
  return { phone, address, rest, isName: isName(rest) };
}

function isName(rest: string): TypedWords['isName'] {
  const words = rest.split(' ');
  if (rest === '' || words.length > MAX_NAME_WORDS || !words.every((word) => NAME_WORD.test(word))) return 'no';
  if (words.every((word) => CAPITAL.test(word))) return 'yes';
  return words.length <= MAX_LOWER_CASE_WORDS ? 'maybe' : 'no';
}
