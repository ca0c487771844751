import type { Translate } from '#i18n.ts';

/** Why a message was taken as it was: `key` is a locale key in the `why` namespace, shown on the control line and on *Why?*. */
export interface Reason {
  key: string;
  params: Record<string, string | number>;
}

const LANGUAGE_PARAMS = ['found', 'expected'];
const MAX_EXCERPT = 60;

export function reason(key: string, params: Record<string, string | number> = {}): Reason {
  return { key, params };
}

/** A reason in the reader's language; language codes become that language's names. Raw text: escape it where it is shown. */
export function reasonText(t: Translate, why: Reason, locale: string): string {
  const names = new Intl.DisplayNames([locale], { type: 'language', fallback: 'code' });
  const named = LANGUAGE_PARAMS.filter((param) => typeof why.params[param] === 'string').map((param) => [
    param,
    names.of(String(why.params[param])) ?? '',
  ]);
  return t(`why:${why.key}`, { ...why.params, ...(Object.fromEntries(named) as Record<string, string>) });
}

/** What a reason may repeat of a message: short, and on one line. */
export function excerpt(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > MAX_EXCERPT ? `${flat.slice(0, MAX_EXCERPT - 1)}…` : flat;
}
