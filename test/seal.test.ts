import { expect, test } from 'vitest';
import { createSeal } from '#seal.ts';

const OLD = 'o'.repeat(64);
const NEW = 'n'.repeat(64);

test('what is sealed opens for its own place and no other', () => {
  const seal = createSeal([NEW]);
  const sealed = seal.close('mailboxes.secret:1', 'sälainen ✓');
  expect(sealed).not.toContain('sälainen');
  expect(seal.open('mailboxes.secret:1', sealed)).toBe('sälainen ✓');
  expect(() => seal.open('mailboxes.secret:2', sealed)).toThrow();
});

test('the same words are sealed differently each time', () => {
  const seal = createSeal([NEW]);
  expect(seal.close('a', 'word')).not.toBe(seal.close('a', 'word'));
});

test('an older secret still opens what it sealed, and says that it is old', () => {
  const sealed = createSeal([OLD]).close('a', 'word');
  const rotated = createSeal([NEW, OLD]);
  expect(rotated.open('a', sealed)).toBe('word');
  expect(rotated.isOld(sealed)).toBe(true);
  expect(rotated.isOld(rotated.close('a', 'word'))).toBe(false);
  expect(() => createSeal([NEW]).open('a', sealed)).toThrow(/TIKETTI_SECRET/);
});

test('a changed character is found out', () => {
  const seal = createSeal([NEW]);
  const sealed = seal.close('a', 'word');
  const last = sealed.at(-1) === 'A' ? 'Q' : 'A';
  expect(() => seal.open('a', sealed.slice(0, -1) + last)).toThrow();
});
