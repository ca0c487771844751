import { expect, test } from 'vitest';
import table from '#slack/emoji.json' with { type: 'json' };
import { hasEmoji, shortcodeOf, unicodeFromCodePoints, unicodeOf, withUnicodeEmoji, withoutEmoji } from '#slack/emoji.ts';

test('every name we know is one emoji, and every emoji has a name back', () => {
  const entries = Object.entries(table);
  expect(entries.filter(([, unicode]) => !hasEmoji(unicode) || withoutEmoji(unicode).trim() !== '')).toEqual([]);
  const plain = (unicode: string | null) => unicode?.replaceAll('\u{FE0F}', '');
  expect(entries.filter(([, unicode]) => plain(unicodeOf(shortcodeOf(unicode) ?? '')) !== plain(unicode))).toEqual([]);
});

test('skin tones and flags need no table', () => {
  expect(unicodeOf('+1::skin-tone-3')).toBe('👍🏼');
  expect(shortcodeOf('👍🏼')).toBe('+1::skin-tone-3');
  expect(unicodeOf('flag-fi')).toBe('🇫🇮');
  expect(shortcodeOf('🇸🇪')).toBe('flag-se');
});

test('a name nobody knows stays as it was typed, and clock times are no emoji', () => {
  expect(withUnicodeEmoji('party :tada: with :partyparrot: at 10:30:45')).toBe('party 🎉 with :partyparrot: at 10:30:45');
});

test('code points are taken only when they are code points', () => {
  expect(unicodeFromCodePoints('1f468-200d-1f4bb')).toBe('👨‍💻');
  expect(unicodeFromCodePoints('')).toBeNull();
  expect(unicodeFromCodePoints('1f468-zz')).toBeNull();
  expect(unicodeFromCodePoints('ffffff')).toBeNull();
  expect(unicodeFromCodePoints(Array.from({ length: 50 }, () => '1f468').join('-'))).toBeNull();
});
