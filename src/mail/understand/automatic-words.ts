/** Subjects of automatic answers. The last resort: programs normally say so in a header. */
export const AUTO_REPLY_SUBJECTS: RegExp[] = [
  /^(?:re:\s*)?(?:automatic|auto)[ -]?(?:reply|response|matic reply|answer)\b/i,
  /^auto(?:-reply|reply|response)?\s*:/i,
  /^out of (?:the )?office\b/i,
  /^(?:i am|i'm) (?:currently )?out of (?:the )?office\b/i,
  /^vacation (?:reply|response|message)\b/i,
  /^automaattinen vastaus\b/i,
  /^(?:poissaoloilmoitus|poissa\b.{0,20}:|poissa(?:olo)?viesti|olen poissa)/i,
  /^(?:autosvar|automatiskt svar|frånvaro|frånvarande|frånvaromeddelande|ej på kontoret)\b/i,
  /^(?:automatische (?:antwort|abwesenheitsnotiz)|abwesenheitsnotiz|abwesenheitsmeldung|abwesend)\b/i,
  /^(?:автоответ|автоматический ответ|автоматична відповідь|автовідповідь)/i,
  /^(?:automatisk svar|autosvar|fraværsmelding|fravær|ikke på kontoret)/i,
  /^(?:automaatvastus|automaatne vastus|kontorist väljas)/i,
  /^(?:automatisch antwoord|afwezig|réponse automatique|absence du bureau|respuesta automática|fuera de (?:la )?oficina|risposta automatica|fuori sede|resposta automática|autoodpowiedź|automatyczna odpowiedź)/i,
];

export const READ_RECEIPT_SUBJECTS = /^(?:read|luettu|läst|прочитано|gelesen|lest|læst|loetud|not read|lukematta poistettu|olästa?)\s*:/i;
