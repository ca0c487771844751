import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrastOf, palette } from '#mail/compose-colour.ts';

const colours = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

test('words and links can be read whatever the brand colour is', () => {
  fc.assert(
    fc.property(colours, (brand) => {
      const { bar, onBar, link, linkInDark } = palette(brand);
      expect(bar).toBe(brand);
      expect(contrastOf(onBar, bar)).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(link, '#ffffff')).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(linkInDark, '#202327')).toBeGreaterThanOrEqual(4.5);
    }),
    { numRuns: 500 },
  );
});

test('a yellow bar gets dark words and a blue one light', () => {
  expect(palette('#ffe600').onBar).toBe('#000000');
  expect(palette('#00f').onBar).toBe('#ffffff');
});

test('what is no colour is never written into a style', () => {
  for (const value of ['red', '#12', 'url(x)', '#fff;background:url(x)', '']) expect(palette(value)).toEqual(palette('#1f5fa8'));
});
