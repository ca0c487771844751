import { languageSpoken, type Translate } from '#i18n.ts';

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
export function reasonText(t: Translate, why: { key: string; params?: Reason['params'] }): string {
  const names = new Intl.DisplayNames([languageSpoken(t)], { type: 'language', fallback: 'code' });
  const params = { ...why.params };
  for (const param of LANGUAGE_PARAMS) if (typeof params[param] === 'string') params[param] = nameOf(names, params[param]);
  return t(`why:${why.key}`, params);
}

function nameOf(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    // Not even the form of a language code.
    return code;
  }
}

/** What a reason may repeat of a message: short, and on one line. */
export function excerpt(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > MAX_EXCERPT ? `${flat.slice(0, MAX_EXCERPT - 1)}…` : flat;
}
