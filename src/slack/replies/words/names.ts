import names from './names.json' with { type: 'json' };

/**
 * Names that are common words too, without accents and with `y` and `j` as `i`. Alone they are taken for a name only with
 * a capital letter inside a sentence.
 */
export const AMBIGUOUS_NAMES: ReadonlySet<string> = new Set(names.ambiguous);

export const LEGAL_FORMS: ReadonlySet<string> = new Set(names.legalForms);
