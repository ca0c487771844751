import type { Fields } from '#log.ts';
import type { Fate } from './arrival.ts';

const MAX_REASONS = 10;
const MAX_LENGTH = 60;

/** What became of a mail, with the numbers under which it goes on; nothing that its sender wrote. */
export function fateForLog(
  mailId: number,
  kind: string,
  { outcome, ticketId, ticketNumber, commentId, deliveryId, reasons }: Fate,
): Fields {
  return {
    mail: mailId,
    outcome,
    kind,
    // Absent fields are left out of a line.
    ticket: ticketId,
    number: ticketNumber,
    comment: commentId,
    delivery: deliveryId,
    reasons: reasons.slice(0, MAX_REASONS).map(withoutWords),
  };
}

/** A reason may quote: a header's value after the colon, a subject in quotation marks, the name before an @. */
function withoutWords(reason: string): string {
  const [ours = ''] = reason.replace(/^sender \S+ is/, 'sender is').split(/[:"“<]/);
  return ours
    .replaceAll(/\S*@\S*/g, '')
    .trim()
    .slice(0, MAX_LENGTH);
}
