import type { Row } from '#db/schema.ts';
import { documentText } from '#text/document.ts';
import type { Message } from '../../playground/workspace.ts';
import type { Letter } from './acts.ts';
import type { World } from './world.ts';

/** What people did, as they remember it. */
export interface Ledger {
  letters: { letter: Letter; /** The word of its ticket. */ name: string; isFirst: boolean }[];
  posts: Posted[];
}

export interface Posted {
  name: string;
  by: string;
  /** Words found in this message only: those it had at first, and after each edit. */
  words: string[];
  ts: string;
  /** What must have become of it in the end. */
  becomes: 'mail' | 'note' | 'mail or nothing' | 'mail or note' | 'note and mail';
}

interface Books {
  tickets: Row<'tickets'>[];
  mails: Row<'mails'>[];
  comments: (Row<'comments'> & { words: string })[];
  deliveries: Row<'deliveries'>[];
  events: Row<'events'>[];
  holds: Row<'holds'>[];
  jobs: Row<'jobs'>[];
  shown: { key: string; message: Message }[];
}

/** After these the server's answer is not known, and another copy may be sent. */
const DOUBTFUL = new Set(['unknown', 'failed']);

/** Every sentence is something that was lost, doubled, leaked or left unsaid. */
export async function discrepancies(world: World, ledger: Ledger): Promise<string[]> {
  const books = await readBooks(world);
  return [
    ...ledger.letters.flatMap((entry) => ofLetter(books, entry)),
    ...ledger.posts.flatMap((posted) => ofPost(world, books, posted)),
    ...books.tickets.flatMap((ticket) => ofTicket(books, ticket)),
    ...books.deliveries.flatMap((delivery) => ofDelivery(world, books, delivery)),
    ...ofReceived(world, books),
    ...ofSlack(books),
    ...books.jobs
      .filter((job) => job.stoppedAt)
      .map((job) => `a job was given up: ${job.kind} ${JSON.stringify(job.payload)}: ${job.error}`),
  ];
}

async function readBooks({ db, playground }: World): Promise<Books> {
  const { tables } = db;
  const comments = await db.select().from(tables.comments).orderBy(tables.comments.id);
  const shown = Object.values(playground.state.messages)
    .flat()
    .filter((message) => message.metadata?.event_type === 'tiketti_post')
    .map((message) => ({ key: String(message.metadata?.event_payload['key']), message }));
  return {
    tickets: await db.select().from(tables.tickets),
    mails: await db.select().from(tables.mails),
    comments: comments.map((comment) => ({ ...comment, words: documentText(comment.document) })),
    deliveries: await db.select().from(tables.deliveries),
    events: await db.select().from(tables.events),
    holds: await db.select().from(tables.holds),
    jobs: await db.select().from(tables.jobs),
    shown,
  };
}

function ofLetter(books: Books, { letter, name, isFirst }: Ledger['letters'][number]): string[] {
  const mails = books.mails.filter((mail) => bare(mail.messageId) === letter.messageId);
  const [mail] = mails;
  if (!mail || mails.length > 1) return [`the mail ${letter.messageId} is here ${mails.length} times`];
  const comments = books.comments.filter((comment) => comment.sourceKey === `mail:${mail.id}`);
  const tickets = books.tickets.filter((ticket) => ticket.subject.includes(name));
  const outcome = isFirst ? 'created' : 'appended';
  return [
    ...unless(
      mail.outcome === outcome,
      `the mail ${letter.messageId} was ${mail.state} as ${mail.outcome}, not ${outcome}: ${mail.reasons.join('; ')}`,
    ),
    ...unless(comments.length === 1, `the mail ${letter.messageId} became ${comments.length} comments`),
    ...unless(tickets.length === 1, `${name} has ${tickets.length} tickets`),
    ...unless(comments[0]?.ticketId === tickets[0]?.id, `the mail ${letter.messageId} is on another ticket than ${name}`),
  ];
}

function ofPost(world: World, books: Books, { name, words, becomes }: Posted): string[] {
  const says = (text: string) => words.some((word) => text.includes(word));
  const comments = books.comments.filter((comment) => says(comment.words) && comment.withdrawnAt === null);
  const open = comments.filter((comment) => comment.visibility === 'public').length;
  const notes = comments.length - open;
  const mails = new Set(
    world.receiver.mails.filter(({ mail }) => says(`${mail.text ?? ''} ${mail.html ?? ''}`)).map((mail) => mail.messageId),
  ).size;
  const isMail = open === 1 && notes === 0 && mails === 1;
  const isNote = open === 0 && notes === 1 && mails === 0;
  const isBoth = open === 1 && notes === 1 && mails === 1;
  const isRight = {
    mail: isMail,
    note: isNote,
    // What was deleted after the customer had it is withdrawn here, and still one mail there.
    'mail or nothing': open === 0 && notes === 0 && mails <= 1,
    // What became a note after the customer had it is both: the mail as it was, and the note.
    'mail or note': isMail || isNote || isBoth,
    'note and mail': isBoth,
  }[becomes];
  return unless(
    isRight,
    `${words.join(', then ')} on ${name} should be ${becomes}; there are ${open} public comments, ${notes} notes and ${mails} mails`,
  );
}

function ofTicket(books: Books, ticket: Row<'tickets'>): string[] {
  const opened = books.events.filter((event) => event.ticketId === ticket.id && event.type === 'ticket.opened');
  const confirmations = books.deliveries.filter((delivery) => delivery.ticketId === ticket.id && delivery.template === 'confirmation');
  const comments = books.comments.filter((comment) => comment.ticketId === ticket.id);
  const told = books.events.filter((event) => event.ticketId === ticket.id && event.type === 'comment.added');
  return [
    ...unless(opened.length === 1, `ticket ${ticket.id} was opened ${opened.length} times`),
    ...unless(confirmations.length === 1, `ticket ${ticket.id} has ${confirmations.length} confirmations`),
    ...unless(told.length === comments.length, `ticket ${ticket.id} has ${comments.length} comments and ${told.length} events of them`),
  ];
}

/** A state that says nothing wrong and leaves nobody waiting; every doubt was written down. */
function ofDelivery(world: World, books: Books, delivery: Row<'deliveries'>): string[] {
  const copies = world.receiver.mails.filter((mail) => mail.messageId === delivery.messageId).length;
  const doubts = books.events.filter(
    (event) => event.type === 'delivery.state' && event.data['deliveryId'] === delivery.id && DOUBTFUL.has(String(event.data['state'])),
  ).length;
  const label = `the ${delivery.template} ${delivery.id} of ticket ${delivery.ticketId}`;
  const most = delivery.state === 'cancelled' ? 0 : 1 + doubts;
  const isSettled =
    delivery.state === 'accepted' || delivery.state === 'cancelled' || (delivery.state === 'failed' && delivery.mayHaveArrivedTwice);
  return [
    ...unless(isSettled, `${label} is ${delivery.state}: ${delivery.response}`),
    ...unless(delivery.state !== 'accepted' || copies > 0, `${label} is accepted, and nobody got it`),
    ...unless(copies <= most, `${label} arrived ${copies} times, after ${doubts} doubts`),
    ...unless(!delivery.mayHaveArrivedTwice || doubts > 0, `${label} may have arrived twice, and its history does not say so`),
    ...unless(delivery.mayHaveArrivedTwice || copies < 2, `${label} arrived ${copies} times, and nobody is told`),
  ];
}

function ofReceived(world: World, books: Books): string[] {
  const ours = new Set(books.deliveries.map((delivery) => delivery.messageId));
  return world.receiver.mails
    .filter((mail) => !ours.has(mail.messageId))
    .map((mail) => `${mail.to.join(', ')} got ${mail.messageId}, which is in no book`);
}

function ofSlack(books: Books): string[] {
  const times = new Map<string, number>();
  for (const { key } of books.shown) times.set(key, (times.get(key) ?? 0) + 1);
  const expected = [
    ...books.tickets.map((ticket) => `card:${ticket.id}:`),
    ...books.comments.filter((comment) => comment.sourceKey?.startsWith('mail:')).map((comment) => `comment:${comment.id}`),
    ...books.holds.map((hold) => `line:${hold.id}`),
  ];
  const keys = [...times.keys()];
  return [
    ...keys.filter((key) => times.get(key) !== 1).map((key) => `${key} is shown ${times.get(key)} times in Slack`),
    ...expected
      .filter((wanted) => !keys.some((key) => (wanted.endsWith(':') ? key.startsWith(wanted) : key === wanted)))
      .map((wanted) => `${wanted} is not shown in Slack`),
    ...books.holds.flatMap((hold) => ofLine(books, hold)),
  ];
}

/** The line says in words what became of the reply. */
function ofLine(books: Books, hold: Row<'holds'>): string[] {
  const line = books.shown.find(({ key }) => key === `line:${hold.id}`)?.message;
  const delivery = books.deliveries.findLast((one) => one.commentId !== null && one.commentId === hold.commentId);
  if (hold.state !== 'released' || delivery?.state !== 'accepted') return [];
  const text = line?.text ?? '';
  const isTold = text.startsWith(':incoming_envelope:') || text.startsWith('🪦');
  return [
    ...unless(isTold, `the line of hold ${hold.id} says "${text}" although its mail was accepted`),
    ...unless(
      !delivery.mayHaveArrivedTwice || text.includes('twice') || text.startsWith('🪦'),
      `the line of hold ${hold.id} keeps silent about a possible second copy`,
    ),
  ];
}

function bare(messageId: string | null): string {
  return (messageId ?? '').replace(/^<(.*)>$/, '$1');
}

function unless(isFine: boolean, sentence: string): string[] {
  return isFine ? [] : [sentence];
}
