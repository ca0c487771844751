import { expect, test } from 'vitest';
import { isSameMatter } from '#tickets/same-matter.ts';

const SAME: [string, string][] = [
  ['Printer on the third floor is jammed', 'The printers of our third floor do not print'],
  ['Invoice 1042 has the wrong sum', 'The sum on invoice 1042'],
  ['Tulostin jumissa kolmannessa kerroksessa', 'Kolmannen kerroksen tulostimet eivät tulosta'],
  ['Laskun 1042 summa on väärin', 'Väärä summa laskulla'],
  ['Salasanan vaihto ei onnistu', 'Salasana vanheni, vaihto epäonnistuu'],
  ['Skrivaren på tredje våningen', 'Skrivarna på våningen över oss står stilla'],
  ['Fakturan har fel belopp', 'Beloppet på fakturorna stämmer inte'],
  ['Принтер на третьем этаже', 'Принтеры третьего этажа не печатают'],
  ['Неверная сумма в счёте', 'В счете опять сумма не та'],
];

const OTHER: [string, string][] = [
  ['Printer does not work', 'VPN does not work'],
  ['Tulostin ei toimi', 'VPN ei toimi, voitteko auttaa?'],
  ['Hei, ongelma laskussa', 'Hei, ongelma salasanassa'],
  ['Skrivaren fungerar inte', 'Telefonen fungerar inte igen'],
  ['Принтер не работает', 'Почта не работает'],
  ['Invoice 1042', 'Invoice 10423'],
  ['Printer printer printers', 'The printer'],
  ['', ''],
];

test.each(SAME)('“%s” and “%s” may be one matter', (one, other) => {
  expect(isSameMatter(one, other)).toBe(true);
  expect(isSameMatter(other, one)).toBe(true);
});

test.each(OTHER)('“%s” and “%s” are two matters', (one, other) => {
  expect(isSameMatter(one, other)).toBe(false);
  expect(isSameMatter(other, one)).toBe(false);
});
