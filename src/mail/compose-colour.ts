const DEFAULT_BRAND = '#1f5fa8';
const LIGHT_BACKGROUND = '#ffffff';
const DARK_BACKGROUND = '#202327';
const READABLE_CONTRAST = 4.5;
const STEP = 0.05;

type Rgb = [red: number, green: number, blue: number];

export interface Palette {
  bar: string;
  onBar: string;
  link: string;
  linkInDark: string;
}

/** Whatever colour an admin picked, the words on it and the links in it can be read. */
export function palette(brandColour: string): Palette {
  const brand = parseHex(brandColour) ?? parseHex(DEFAULT_BRAND) ?? [0, 0, 0];
  return {
    bar: hex(brand),
    onBar: contrast(brand, [255, 255, 255]) >= contrast(brand, [0, 0, 0]) ? '#ffffff' : '#000000',
    link: readableOn(LIGHT_BACKGROUND, brand, [0, 0, 0]),
    linkInDark: readableOn(DARK_BACKGROUND, brand, [255, 255, 255]),
  };
}

export function contrastOf(one: string, other: string): number {
  return contrast(parseHex(one) ?? [0, 0, 0], parseHex(other) ?? [0, 0, 0]);
}

function readableOn(background: string, colour: Rgb, towards: Rgb): string {
  const under = parseHex(background) ?? [255, 255, 255];
  for (let share = 0; share < 1; share += STEP) {
    const mixed = mix(colour, towards, share);
    if (contrast(mixed, under) >= READABLE_CONTRAST) return hex(mixed);
  }
  return hex(towards);
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return [blend(from[0], to[0], share), blend(from[1], to[1], share), blend(from[2], to[2], share)];
}

function blend(from: number, to: number, share: number): number {
  return Math.round(from + (to - from) * share);
}

function parseHex(colour: string): Rgb | null {
  const digits = /^#(?:([0-9a-f]{3})|([0-9a-f]{6}))$/iu.exec(colour.trim());
  if (!digits) return null;
  const six = digits[2] ?? (digits[1] ?? '').replace(/./gu, '$&$&');
  return [parseInt(six.slice(0, 2), 16), parseInt(six.slice(2, 4), 16), parseInt(six.slice(4, 6), 16)];
}

function hex(colour: Rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** WCAG 2: (lighter + 0.05) / (darker + 0.05) of the relative luminances. */
function contrast(one: Rgb, other: Rgb): number {
  const [darker, lighter] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
