import { indexedWords } from '#db/search-words.ts';

const SHARED_STEMS = 2;
const MAX_CHARACTERS = 2_000;
const MIN_WORD = 3;
const MIN_STEM = 4;
/** Endings in our languages are no longer: -missa, -ningar, -ование. */
const MAX_ENDING = 5;

/** What people say whatever the matter is. Spelt as the search folds words: without accents, in lower case. */
const EVERYDAY = new Set(
  `the and for not with this that have has had you your our are was can could would please help hello hei moi hej thanks thank
   work works working does doesn problem issue error need needs still again called call calls customer asked
   terve kiitos mitaan mika mita olen terveisin ongelma ongelmia vika ole toimi toimii toimivat toiminut apua auttaa voitteko voiko miten kun etta joka mutta
   soitti soittaa soittanut asiakas kysyi edelleen taas viela nyt minun meidan teidan
   inte och att som har hade kan kunde vill fungerar fungera problemet hjalp hjalpa tack snalla ringde ringer kunden fragade
   igen fortfarande min mitt vara vart
   это как что для или при нет есть был была было мой моя наш наша ваш ваша работает работают работать проблема проблемы
   помогите помощь спасибо здравствуите добрыи день пожалуиста звонил звонила звонит клиент снова опять еще`
    .split(/\s+/)
    .filter(Boolean),
);

/** Two texts may be about one matter when they share two words, in whatever forms they stand. */
export function isSameMatter(one: string, other: string): boolean {
  const left = tellingWords(other);
  let shared = 0;
  for (const word of tellingWords(one)) {
    const at = left.findIndex((candidate) => isSameWord(word, candidate));
    if (at === -1) continue;
    left.splice(at, 1);
    shared += 1;
    if (shared === SHARED_STEMS) return true;
  }
  return false;
}

/** Forms of one word are listed once, so that a word said twice is still one. */
function tellingWords(text: string): string[] {
  const words: string[] = [];
  for (const word of indexedWords(text.slice(0, MAX_CHARACTERS))) {
    if (word.length < MIN_WORD || EVERYDAY.has(word)) continue;
    if (!words.some((known) => isSameWord(known, word))) words.push(word);
  }
  return words;
}

function isSameWord(one: string, other: string): boolean {
  if (one === other) return true;
  // Numbers have no endings: 1042 and 10423 are two invoices.
  if (/\d/.test(one + other)) return false;
  let shared = 0;
  while (shared < one.length && one[shared] === other[shared]) shared += 1;
  const longer = Math.max(one.length, other.length);
  return shared >= MIN_STEM && longer - shared <= MAX_ENDING && shared * 2 >= longer;
}
