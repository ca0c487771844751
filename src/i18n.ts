import { readFileSync, readdirSync } from 'node:fs';
import i18next, { type i18n, type Resource } from 'i18next';
import { Failure } from './failure.ts';

export type Params = Record<string, string | number>;
/** `t('namespace:path.to.key', params)`; a `count` param picks the plural. */
export type Translate = (key: string, params?: Params) => string;

export const LANGUAGES = ['en', 'fi', 'sv', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];
export const FALLBACK_LANGUAGE: Language = 'en';

const LOCALES = new URL('../locales/', import.meta.url);
const instance = load();
const translators = new Map<string, Translate>();

/** `fi-FI`, `fi_FI` and `FI` are Finnish; what we have no texts for is null. */
export function languageOf(locale: string | null | undefined): Language | null {
  const short = locale?.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === short) ?? null;
}

export function translator(locale: string | null | undefined): Translate {
  const language = languageOf(locale) ?? FALLBACK_LANGUAGE;
  let translate = translators.get(language);
  if (!translate) {
    const fixed = instance.getFixedT(language);
    translate = (key, params) => fixed(key, params ?? {});
    translators.set(language, translate);
  }
  return translate;
}

/** The language a translator speaks. */
export function languageSpoken(t: Translate): Language {
  return LANGUAGES.find((language) => translators.get(language) === t) ?? FALLBACK_LANGUAGE;
}

/** A mendable error in the reader's language. */
export function failureText(t: Translate, failure: Failure): string {
  const { status, ...params } = failure.params ?? {};
  return t(`failures:${failure.key}`, status === undefined ? params : { ...params, status: t(`slack:status.${status}`) });
}

/** One key in every language: what people may type, and what a mail of ours may have said. */
export function inEveryLanguage(key: string): { language: Language; text: string }[] {
  return LANGUAGES.map((language) => ({ language, text: translator(language)(key) }));
}

export function formatInstant(at: Date, language: string, timeZone: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(at);
}

function load(): i18n {
  const resources = Object.fromEntries(LANGUAGES.map((language) => [language, loadLanguage(language)]));
  const created = i18next.createInstance();
  void created.init({
    resources: resources as Resource,
    lng: FALLBACK_LANGUAGE,
    fallbackLng: FALLBACK_LANGUAGE,
    initAsync: false,
    ns: Object.keys(resources[FALLBACK_LANGUAGE] ?? {}),
    interpolation: { escapeValue: false, skipOnVariables: true },
    returnNull: false,
  });
  return created;
}

function loadLanguage(language: Language): Record<string, unknown> {
  const folder = new URL(`${language}/`, LOCALES);
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(names.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as unknown]));
}
