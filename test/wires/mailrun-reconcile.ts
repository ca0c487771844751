import type { Row } from '#db/schema.ts';
import type { Books, Kept } from './mailrun-books.ts';
import type { Letter } from './mailrun-letters.ts';
import type { Answer } from './mailrun-people.ts';

/** What people did, as they remember it. */
export interface Ledger {
  letters: Letter[];
  answers: Answer[];
}

/** Every sentence is something that was lost, doubled or left unsaid. */
export function discrepancies(books: Books, ledger: Ledger): string[] {
  const numbers = new Set(ledger.letters.map((letter) => letter.number));
  return [
    ...[...numbers].flatMap((number) => ofLetters(books, ledger, number)),
    ...books.mails.filter((mail) => !numbers.has(mail.letter)).map((mail) => `mail ${mail.id} is nobody's letter: ${mail.outcome}`),
    ...ofMailbox(books),
    ...books.tickets.flatMap((ticket) => ofTicket(books, ticket.id)),
    ...books.deliveries.flatMap((delivery) => ofDelivery(books, delivery)),
    ...ofCustomers(books),
    ...ledger.answers.flatMap((answer) => ofAnswer(books, answer)),
    ...books.stopped.map((job) => `a job was given up: ${job.kind} ${JSON.stringify(job.payload)}: ${job.error}`),
  ];
}

/** All letters with one number are the same bytes: one of them has a fate, and the others are the same again. */
function ofLetters(books: Books, { letters }: Ledger, number: number): string[] {
  const sent = letters.filter((letter) => letter.number === number);
  const kept = books.mails.filter((mail) => mail.letter === number);
  const [letter] = sent;
  const fates = kept.filter((mail) => mail.outcome !== 'duplicate');
  const [fate] = fates;
  if (!letter || !fate || fates.length > 1)
    return [`letter ${number} has the fates ${kept.map((mail) => mail.outcome).join(', ') || 'none'}, and one of them alone is due`];
  const queueIds = new Set(kept.map((mail) => mail.queueId));
  return [
    ...unless(
      kept.length === sent.length || queueIds.size === sent.length,
      `letter ${number} was sent ${sent.length} times, and is here ${kept.length} times from ${queueIds.size} deliveries`,
    ),
    ...ofFate(books, letter, fate),
  ];
}

function ofFate(books: Books, letter: Letter, fate: Kept): string[] {
  const label = `letter ${letter.number}${letter.broken ? ` (${letter.broken})` : ''}`;
  const said = `${label} became ${fate.outcome}: ${fate.reasons.join('; ')}`;
  const isHeld = fate.outcome === 'quarantined' && fate.reasons.length > 0;
  const isRight = { created: fate.outcome === 'created', appended: fate.outcome === 'appended' };
  const wanted = letter.becomes === 'appended' ? isRight.appended : isRight.created || (letter.becomes === 'either' && isHeld);
  const parent = letter.answers && books.mails.find((mail) => mail.letter === letter.answers?.number && mail.outcome !== 'duplicate');
  const there = books.sha256s.get(fate.commentId ?? 0) ?? new Set();
  return [
    ...unless(wanted, said),
    ...unless(letter.becomes !== 'created' || isConfirmed(books, letter, fate), `${label} was never confirmed to ${letter.from}`),
    ...unless(!parent || parent.ticketId === fate.ticketId, `${label} is not on the ticket of letter ${letter.answers?.number}`),
    ...letter.sha256s
      .filter((sha256) => !there.has(sha256) && !isHeld)
      .map((sha256) => `${label} has lost its file ${sha256}, and ${fate.reasons.join('; ') || 'nothing'} is said of it`),
  ];
}

function isConfirmed(books: Books, { from }: Letter, { ticketId }: Kept): boolean {
  const confirmation = books.deliveries.find((delivery) => delivery.ticketId === ticketId && delivery.template === 'confirmation');
  return books.customers.some((mail) => mail.mailbox === from && mail.messageId === confirmation?.messageId);
}

/** What lies in the mailbox that is read is a row, and the other way round. */
function ofMailbox(books: Books): string[] {
  return unless(
    books.ours.length === books.mails.length,
    `our mailbox holds ${books.ours.length} mails, and there are ${books.mails.length} rows`,
  );
}

function ofTicket(books: Books, id: number): string[] {
  const confirmations = books.deliveries.filter((delivery) => delivery.ticketId === id && delivery.template === 'confirmation').length;
  return [
    ...unless(
      confirmations === 1 || (confirmations === 0 && books.unconfirmed.has(id)),
      `ticket ${id} has ${confirmations} confirmations, and no reason for it`,
    ),
    ...unless(books.cards.get(id) === 1, `ticket ${id} has ${books.cards.get(id) ?? 0} cards`),
  ];
}

/** Taken by the server once, and once in the mailbox of each it is for. A server may deliver twice what it took once. */
function ofDelivery(books: Books, delivery: Row<'deliveries'>): string[] {
  const label = `the ${delivery.template} ${delivery.id} of ticket ${delivery.ticketId}`;
  const people = books.recipients.filter((recipient) => recipient.deliveryId === delivery.id);
  return [
    ...unless(delivery.state === 'accepted', `${label} is ${delivery.state}: ${delivery.response}`),
    ...people.flatMap(({ address }) => {
      const copies = books.customers.filter((mail) => mail.messageId === delivery.messageId && mail.mailbox === address);
      const taken = new Set(copies.map((mail) => mail.queueId)).size;
      return unless(taken === 1, `${label} was taken ${taken} times for ${address}, who has it ${copies.length} times`);
    }),
  ];
}

function ofCustomers(books: Books): string[] {
  const known = new Set(books.deliveries.map((delivery) => delivery.messageId));
  return books.customers
    .filter((mail) => !known.has(mail.messageId))
    .map((mail) => `${mail.mailbox} holds ${mail.path}, which is in no book`);
}

function ofAnswer(books: Books, { word, letter }: Answer): string[] {
  const mails = books.deliveries.filter((delivery) => delivery.template === 'reply' && JSON.stringify(delivery.content).includes(word));
  const reached = mails.filter((delivery) =>
    books.customers.some((mail) => mail.messageId === delivery.messageId && mail.mailbox === letter.from),
  );
  return unless(
    mails.length === 1 && reached.length === 1,
    `the answer ${word} is ${mails.length} mails, of which ${reached.length} are with ${letter.from}`,
  );
}

function unless(isTrue: boolean, words: string): string[] {
  return isTrue ? [] : [words];
}

/** What a reader of the run wants to see. */
export function countsOf(books: Books, ledger: Ledger): Record<string, number> {
  const tally = (values: string[]) =>
    Object.fromEntries([...Map.groupBy(values, (value) => value)].map(([name, all]) => [name, all.length]));
  const copies = (mails: { messageId: string; mailbox: string }[]) =>
    mails.length - new Set(mails.map((mail) => `${mail.mailbox} ${mail.messageId}`)).size;
  return {
    letters: ledger.letters.length,
    broken: ledger.letters.filter((letter) => letter.broken !== null).length,
    attachments: ledger.letters.reduce((sum, letter) => sum + letter.sha256s.length, 0),
    rows: books.mails.length,
    ...tally(books.mails.map((mail) => mail.outcome ?? 'none')),
    tickets: books.tickets.length,
    unconfirmed: books.unconfirmed.size,
    ...tally(books.deliveries.map((delivery) => `${delivery.template} ${delivery.state}`)),
    'in our mailbox': books.ours.length,
    "in customers' mailboxes": books.customers.length,
    'delivered twice by the mail server': copies(books.customers),
  };
}
