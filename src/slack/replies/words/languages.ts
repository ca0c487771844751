import type { AudienceWords } from './audience-words.ts';
import en from './en.json' with { type: 'json' };
import fi from './fi.json' with { type: 'json' };
import ru from './ru.json' with { type: 'json' };
import sv from './sv.json' with { type: 'json' };

/** Adding a language is adding one file and one line here. */
export const AUDIENCE_WORDS: Readonly<Record<string, AudienceWords>> = { en, fi, sv, ru };
