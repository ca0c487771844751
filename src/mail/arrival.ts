import type { Mail } from './store.ts';
import type { Letter } from './understand/letter.ts';

export interface Arrival {
  mail: Pick<Mail, 'id' | 'envelopeTo'>;
  letter: Letter;
  /** The letter's files in their order, already stored. */
  fileIds: number[];
  ownAddresses: Set<string>;
}

export interface Fate {
  outcome: NonNullable<Mail['outcome']>;
  ticketId?: number;
  commentId?: number;
  reasons: string[];
}

/** Only a server we trust can fail a sender; without its word a mail is ordinary. */
export function verdictOf(letter: Letter): 'pass' | 'none' | 'fail' {
  const { trusted, dmarc } = letter.authentication;
  if (!trusted) return 'none';
  return dmarc === 'pass' ? 'pass' : dmarc === 'fail' ? 'fail' : 'none';
}
