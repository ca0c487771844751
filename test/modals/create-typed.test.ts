import { expect, test } from 'vitest';
import { readTyped } from '#modals/create-typed.ts';

const NONE = { phone: null, address: null };
const PHONE = { phone: '+358401234567', address: null };

test.each([
  ['Liisa Virtanen 0401234567', { ...PHONE, rest: 'Liisa Virtanen', isName: 'yes' }],
  ['040 123 4567 Liisa', { ...PHONE, rest: 'Liisa', isName: 'yes' }],
  ['soita takaisin 0401234567', { ...PHONE, rest: 'soita takaisin', isName: 'maybe' }],
  ['<tel:0401234567|040 123 4567>', { ...PHONE, rest: '', isName: 'no' }],
  ['Анна Иванова', { ...NONE, rest: 'Анна Иванова', isName: 'yes' }],
  ["Åsa O'Neill-Öberg", { ...NONE, rest: "Åsa O'Neill-Öberg", isName: 'yes' }],
  ['virtanen', { ...NONE, rest: 'virtanen', isName: 'maybe' }],
  ['tulostin ei toimi kolmannessa kerroksessa', { ...NONE, rest: 'tulostin ei toimi kolmannessa kerroksessa', isName: 'no' }],
  ['Lasku 1042 puuttuu', { ...NONE, rest: 'Lasku 1042 puuttuu', isName: 'no' }],
  ['<mailto:liisa@asiakas.test|liisa@asiakas.test> Liisa', { phone: null, address: 'liisa@asiakas.test', rest: 'Liisa', isName: 'yes' }],
  ['', { ...NONE, rest: '', isName: 'no' }],
])('“%s” says who it is, or what it is about', (typed, expected) => {
  expect(readTyped(typed, 'FI')).toEqual(expected);
});
