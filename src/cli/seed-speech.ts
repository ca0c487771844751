import { plainDocument, type Document } from '#text/document.ts';
import type { Chance } from './seed-chance.ts';
import words from './seed-words.json' with { type: 'json' };

/** What people of one language are called and say. */
export type Speech = (typeof words)['en'];
export type SeedLanguage = keyof typeof words;

export const SPEECHES: Record<SeedLanguage, Speech> = words;

const LANGUAGE_SHARES: readonly SeedLanguage[] = ['fi', 'fi', 'fi', 'fi', 'en', 'en', 'en', 'sv', 'sv', 'ru'];
const CODE_LETTERS = 'ABCDEFHKLMNPRTVX';

export function someLanguage(chance: Chance): SeedLanguage {
  return chance.oneOf(LANGUAGE_SHARES);
}

export interface Saying {
  text: string;
  body: Document;
}

/** A sentence of the lists with its gaps filled. */
export function filled(template: string, chance: Chance, speech: Speech, gaps: Record<string, string> = {}): string {
  return template.replaceAll(/\{(\w+)\}/g, (_gap, name: string) => {
    if (name === 'code') return someCode(chance);
    if (name === 'city') return chance.oneOf(speech.cities);
    return gaps[name] ?? '';
  });
}

/** A first mail: greeting, a few sentences, a name. */
export function complaint(chance: Chance, speech: Speech, name: string): Saying {
  const sentences = Array.from({ length: 2 + chance.below(4) }, () => filled(chance.oneOf(speech.sentences), chance, speech));
  const text = `${chance.oneOf(speech.openings)}\n\n${sentences.join(' ')}\n\n${chance.oneOf(speech.closings)}\n${name}`;
  return { text, body: plainDocument(text) };
}

export function saying(chance: Chance, speech: Speech, from: 'answers' | 'followUps' | 'notes', name: string): Saying {
  const text = filled(chance.oneOf(speech[from]), chance, speech, { name });
  return { text, body: plainDocument(text) };
}

function someCode(chance: Chance): string {
  const letter = () => CODE_LETTERS.charAt(chance.below(CODE_LETTERS.length));
  return `${letter()}${letter()}-${String(10_000 + chance.below(90_000))}`;
}

const CYRILLIC = 'абвгдеёжзийклмнопрстуфхцчшщъыьэюя';
const LATIN = 'a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch  y  e yu ya'.split(' ');

/** As an address would spell a name. */
export function addressPart(name: string): string {
  const latin = Array.from(name.toLowerCase(), (letter) => LATIN[CYRILLIC.indexOf(letter)] ?? letter).join('');
  return latin
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
