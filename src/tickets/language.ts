import { eq } from 'drizzle-orm';
import type { LanguageSource } from '#db/words.ts';
import { LANGUAGES, languageOf } from '#i18n.ts';
import { type Actor, change, type Desk } from './desk.ts';
import { record } from './events.ts';
import { mustFind, type Ticket } from './find.ts';

/** What a detector says of newly written text. */
export interface TextLanguage {
  code: string | null;
  confidence: number;
  letters: number;
}

export interface LanguageSignals {
  picked?: string | null;
  form?: string | null;
  /** The person's language, and how we know it. */
  person?: { language: string | null; source: LanguageSource | null };
  /** From the newly written text only. */
  text?: TextLanguage | null;
  header?: string | null;
  address?: string | null;
  system: string;
}

export interface Chosen {
  code: string;
  source: LanguageSource;
  confidence: number | null;
}

export const SURE_CONFIDENCE = 0.8;
export const SURE_LETTERS = 25;
/** So long a sure text changes a ticket's language alone. */
export const LONG_LETTERS = 200;

/** Product §5's order. Only languages we have texts for can win. */
export function chooseLanguage(signals: LanguageSignals): Chosen {
  const { person, text } = signals;
  const candidates: [string | null | undefined, LanguageSource, number | null][] = [
    [signals.picked, 'picked', null],
    [signals.form, 'form', null],
    [isConfirmed(person?.source) ? person?.language : null, 'confirmed', null],
    [text && isSure(text) ? text.code : null, 'text', text?.confidence ?? null],
    [person?.language, 'person', null],
    [signals.header, 'header', null],
    [signals.address, 'address', null],
  ];
  for (const [candidate, source, confidence] of candidates) {
    const code = languageOf(candidate);
    if (code) return { code, source, confidence };
  }
  return { code: languageOf(signals.system) ?? LANGUAGES[0], source: 'system', confidence: null };
}

export function isConfirmed(source: LanguageSource | null | undefined): boolean {
  return source === 'picked' || source === 'form' || source === 'confirmed';
}

export function isSure(text: TextLanguage): boolean {
  return text.code !== null && text.confidence >= SURE_CONFIDENCE && text.letters >= SURE_LETTERS;
}

/** What a closed matter goes on in: the usual choice again, and the old ticket's language where nothing is known for certain. */
export function followUpLanguage(
  closed: Pick<Ticket, 'language' | 'languageSource' | 'languageConfidence'>,
  signals: Pick<LanguageSignals, 'person' | 'text'>,
): Chosen {
  const chosen = chooseLanguage({ ...signals, system: closed.language });
  if (chosen.source !== 'system') return chosen;
  const { language, languageSource, languageConfidence } = closed;
  return { code: language, source: languageSource, confidence: languageConfidence === null ? null : languageConfidence / 100 };
}

/** What a later mail does to a ticket's language: two sure ones in a row change it, or one long one; any other ends the row. */
export function laterLanguage(ticket: Pick<Ticket, 'language' | 'languageSource' | 'nextLanguage'>, text: TextLanguage | null) {
  const code = languageOf(text?.code);
  if (isConfirmed(ticket.languageSource)) return { language: ticket.language, nextLanguage: ticket.nextLanguage };
  if (!text || !code || !isSure(text)) return { language: ticket.language, nextLanguage: null };
  if (code === ticket.language) return { language: code, nextLanguage: null };
  if (text.letters >= LONG_LETTERS || ticket.nextLanguage === code) return { language: code, nextLanguage: null };
  return { language: ticket.language, nextLanguage: code };
}

/** A person picks the language; it is learned for this requester only. */
export function pickLanguage(desk: Desk, ticketId: number, language: string, by: Actor): Promise<Ticket> {
  return change(desk, 'language', async (tx, desk) => {
    const ticket = await mustFind(tx, ticketId);
    const code = languageOf(language);
    if (!code || code === ticket.language) return ticket;
    const { tickets, people } = tx.tables;
    const now = desk.clock.now();
    await tx
      .update(tickets)
      .set({
        language: code,
        languageSource: 'picked',
        languageConfidence: null,
        nextLanguage: null,
        previousLanguage: ticket.language,
        updatedAt: now,
      })
      .where(eq(tickets.id, ticketId));
    await tx.update(people).set({ language: code, languageSource: 'confirmed', updatedAt: now }).where(eq(people.id, ticket.requesterId));
    await record(desk, tx, ticketId, by, { type: 'ticket.language', data: { from: ticket.language, to: code, why: 'picked' } });
    return mustFind(tx, ticketId);
  });
}
