/**
 * What gives a remark between colleagues away, in one language. Phrases are words with single spaces; `a|b` is either,
 * `stem*` any ending, `~` up to two words between, `^` the start of a sentence, `$` its end and `?` the end of a question.
 */
export interface AudienceWords {
  /** Speaks about the customer, or of things never said to one: enough alone. */
  telling: readonly string[];
  /** Enough alone, unless its sentence speaks to the reader ("ask your administrator"). */
  tellingUnlessToReader: readonly string[];
  rude: readonly string[];
  /** Add up, with how the message is built. */
  hints: readonly string[];
  faintHints: readonly string[];
  /** Words that speak to the reader or are said to customers only. */
  reader: readonly string[];
  courtesy: readonly string[];
  /** Harmless phrases around a telling word: "customer service". */
  excused: readonly string[];
  greetings: readonly string[];
  /** Greets several people, or colleagues. */
  teamGreetings: readonly string[];
  notNames: readonly string[];
  acknowledgements: readonly string[];
  attached: readonly string[];
  /** The customer's own attachment, or a request for one. */
  attachedByReader: readonly string[];
  /** What people type when they mean a note mark. */
  nearMarks: readonly string[];
  secretWords: readonly string[];
  /** Frequent words that no other of our languages has: they tell a short text's language. */
  frequent: readonly string[];
}
