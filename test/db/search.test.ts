import { expect, test } from 'vitest';
import type { Database } from '#db/database.ts';
import { describeDatabases } from '../support/databases.ts';

const ODD = [
  '"',
  "'",
  'AND',
  'a OR (',
  'NEAR(a b)',
  'words:printer',
  '*',
  '^printer',
  '\\',
  '%',
  '___',
  ':*',
  '&|!',
  '\0',
  '🔥',
  ' ',
  '-1',
  "'; --",
];

const index = (db: Database, texts: Record<number, string>) =>
  db.transaction('index', async (tx) => {
    for (const [id, text] of Object.entries(texts)) await tx.index('ticket', Number(id), text);
  });

describeDatabases('search', (subject) => {
  const find = (words: string, limit = 10) => subject.db.search('ticket', words, limit);

  test('finds the beginning of every word, newest first', async () => {
    await index(subject.db, { 1: 'The printer is on fire', 2: 'Printing is slow', 3: 'Fire alarm' });
    expect(await find('print')).toEqual([2, 1]);
    expect(await find('fire print')).toEqual([1]);
    expect(await find('f')).toEqual([3, 1]);
    expect(await find('water')).toEqual([]);
  });

  test('finds three letters anywhere in a word, beside words found by their beginning', async () => {
    await index(subject.db, { 1: 'Verkkotulostin ei toimi', 2: 'Tulostin on rikki', 3: 'verkko poikki' });
    expect(await find('tulostin')).toEqual([2, 1]);
    expect(await find('kko')).toEqual([3, 1]);
    expect(await find('kkotul e')).toEqual([1]);
    expect(await find('ko')).toEqual([]);
  });

  test('takes no notice of case, accents, width or the dots of ё', async () => {
    await index(subject.db, { 1: 'Näyttö pimeä', 2: 'Счёт-фактура ЁЛКА', 3: 'Großer Łódź café', 4: 'Ｆｕｌｌｗｉｄｔｈ' });
    expect(await find('NAYTTO')).toEqual([1]);
    expect(await find('счет елка')).toEqual([2]);
    expect(await find('ёлк')).toEqual([2]);
    expect(await find('акту')).toEqual([2]);
    expect(await find('grosser lodz CAFÉ')).toEqual([3]);
    expect(await find('fullwidth')).toEqual([4]);
  });

  test('gives the newest when there are more than were asked for', async () => {
    await index(subject.db, Object.fromEntries(Array.from({ length: 30 }, (_, i) => [i + 1, `alpha beta${i}`])));
    expect(await find('alpha', 3)).toEqual([30, 29, 28]);
    expect(await find('lph', 3)).toEqual([30, 29, 28]);
    expect(await find('alpha', 0)).toEqual([]);
    expect(await find('alpha', Number.NaN)).toEqual([]);
  });

  test('survives whatever people type', async () => {
    await index(subject.db, { 1: 'printer and or not near' });
    for (const words of ODD) expect(await find(words)).toBeInstanceOf(Array);
  });

  test('treats operators as words', async () => {
    await index(subject.db, { 1: 'yes and no', 2: 'yes no' });
    expect(await find('yes AND no')).toEqual([1]);
  });

  test('keeps tickets and people apart', async () => {
    await subject.db.transaction('index', (tx) => tx.index('person', 7, 'Anna Virtanen anna@example.com'));
    await index(subject.db, { 1: 'Anna wrote' });
    expect(await subject.db.search('person', 'anna', 10)).toEqual([7]);
    expect(await find('anna')).toEqual([1]);
    expect(await subject.db.search('person', 'anna@example.com', 10)).toEqual([7]);
  });

  test('follows a changed text, and forgets an empty one', async () => {
    await index(subject.db, { 1: 'printer' });
    await index(subject.db, { 1: 'scanner' });
    expect(await find('printer')).toEqual([]);
    expect(await find('canne')).toEqual([1]);
    await index(subject.db, { 1: '' });
    expect(await find('scanner')).toEqual([]);
  });

  test('sees what its own transaction has indexed, and loses what was rolled back', async () => {
    const failing = subject.db.transaction('index', async (tx, carried) => {
      await tx.index('ticket', 1, 'printer');
      expect(await tx.search('ticket', 'prin', 5)).toEqual([1]);
      expect(await carried.search('ticket', 'rint', 5)).toEqual([1]);
      throw new Error('boom');
    });
    await expect(failing).rejects.toThrow('boom');
    expect(await find('printer')).toEqual([]);
  });

  test('bears a text of any length', async () => {
    const long = Array.from({ length: 50_000 }, (_, i) => `word${i}`).join(' ');
    await index(subject.db, { 1: `beginning ${long}`, 2: 'x'.repeat(300_000) });
    expect(await find('beginning')).toEqual([1]);
    expect(await find('xxxx')).toEqual([2]);
    expect(await find(long)).toEqual([1]);
  });
});
