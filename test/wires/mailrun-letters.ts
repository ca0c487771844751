import { createHash, randomBytes } from 'node:crypto';
import { type Chance, chanceOf } from '../../src/cli/seed-chance.ts';
import { addressPart, complaint, filled, SPEECHES, type SeedLanguage, someLanguage } from '../../src/cli/seed-speech.ts';
import { breakages, type Skeleton } from './mailrun-broken.ts';

export const OUR_ADDRESS = 'support@pohjola.test';

/** One mail a customer writes, and what must become of it. */
export interface Letter {
  /** Stands in a header of its own, whatever else is broken. Two letters with one number are the same bytes. */
  number: number;
  from: string;
  to: string;
  bytes: Buffer;
  language: SeedLanguage;
  /** `either`: a ticket, or held with a reason. `once`: of these the first is a ticket, and the others are the same again. */
  becomes: 'created' | 'appended' | 'either' | 'once';
  /** The letter whose ticket it belongs to. */
  answers: Letter | null;
  /** What is wrong with it. */
  broken: string | null;
  /** Of its attachments. */
  sha256s: string[];
}

/** A domain may get 30 automatic mails an hour, so few enough people share one. */
const PEOPLE_A_DOMAIN = 20;
const BROKEN_SHARE = 0.05;
const REPLY_SHARE = 0.15;
const FILE_SHARE = 0.2;
/** More than one sender may write in ten minutes without somebody looking at it. */
const FLOOD_MAILS = 25;
const MIN_FILE_BYTES = 1_000;
const MAX_FILE_BYTES = 300_000;

export interface Post {
  first: Letter[];
  /** Answers to what came first. */
  replies: Letter[];
}

/** So many mails by so many people; the same for the same seed. */
export function writeLetters(count: number, seed: number): Post {
  const chance = chanceOf(seed);
  const replyCount = Math.floor(count * REPLY_SHARE);
  const brokenCount = Math.floor(count * BROKEN_SHARE);
  const alarms = [alarm(), alarm()];
  const firstCount = count - replyCount - alarms.length - FLOOD_MAILS;
  const first = Array.from({ length: firstCount }, (_, index) => {
    const skeleton = skeletonOf(index + alarms.length, chance);
    return index < brokenCount ? brokenLetter(skeleton, index) : wholeLetter(skeleton, chance, null);
  });
  const flood = Array.from({ length: FLOOD_MAILS }, (_, index): Letter => {
    const skeleton = { ...skeletonOf(alarms.length + firstCount + index, chance), from: 'monitor@flood.test' };
    return { ...wholeLetter(skeleton, chance, null), becomes: 'either' };
  });
  const answerable = first.slice(brokenCount);
  const replies = answerable.slice(0, replyCount).map((answered, index) => {
    const skeleton = { ...skeletonOf(count - replyCount + index, chance, answered.language), from: answered.from };
    return wholeLetter(skeleton, chance, answered);
  });
  return { first: shuffled([...alarms, ...flood, ...first], chance), replies };
}

/** Who writes about what; its bytes are not made yet. */
function skeletonOf(number: number, chance: Chance, language = someLanguage(chance)): Skeleton & { language: SeedLanguage } {
  const speech = SPEECHES[language];
  const name = `${chance.oneOf(speech.first)} ${chance.oneOf(speech.last)}`;
  return {
    number,
    language,
    name,
    from: `${addressPart(name)}.${number}@customer-${Math.floor(number / PEOPLE_A_DOMAIN)}.test`,
    to: OUR_ADDRESS,
    subject: filled(chance.oneOf(speech.subjects), chance, speech),
    text: complaint(chance, speech, name).text,
  };
}

function wholeLetter(skeleton: Skeleton & { language: SeedLanguage }, chance: Chance, answers: Letter | null): Letter {
  const files = chance.isLucky(FILE_SHARE) ? Array.from({ length: 1 + chance.below(2) }, () => fileBytes(chance)) : [];
  const head = headOf(skeleton, answers);
  const text = part('text/plain; charset=utf-8', Buffer.from(skeleton.text));
  const parts = [text, ...files.map((bytes, index) => part('application/octet-stream', bytes, `log-${skeleton.number}-${index}.bin`))];
  return {
    ...about(skeleton),
    becomes: answers ? 'appended' : 'created',
    answers,
    bytes: Buffer.from(`${head.join('\r\n')}\r\n${files.length === 0 ? text : multipart(parts)}`),
    sha256s: files.map((bytes) => createHash('sha256').update(bytes).digest('hex')),
  };
}

function brokenLetter(skeleton: Skeleton & { language: SeedLanguage }, index: number): Letter {
  const [name, breakIt] = breakages[index % breakages.length] ?? breakages[0];
  const { bytes, sha256s = [] } = breakIt(skeleton, headOf(skeleton, null));
  return { ...about(skeleton), becomes: 'either', broken: name, bytes, sha256s };
}

/** A machine that says the same twice, with neither id nor date: nothing tells its two letters apart. */
function alarm(): Letter {
  const number = 0;
  const from = 'ups@machines.test';
  const lines = [`X-Letter: ${number}`, `From: ${from}`, `To: ${OUR_ADDRESS}`, 'Subject: Battery low', '', 'The battery is low.', ''];
  const skeleton = { number, from, to: OUR_ADDRESS, language: 'en' as const };
  return { ...about(skeleton), becomes: 'once', bytes: Buffer.from(lines.join('\r\n')) };
}

/** An answer to a mail of ours. */
export function writtenTo(letter: Letter, ours: { number: number; to: string; messageId: string }): Letter {
  const { number, to, messageId } = ours;
  const lines = [
    `X-Letter: ${number}`,
    `From: ${letter.from}`,
    `To: ${to}`,
    'Subject: Re: your answer',
    `Message-ID: <${messageIdOf(number)}>`,
    `In-Reply-To: ${messageId}`,
    '',
    `Thank you, but that was not enough: it still says error ${number}. What should I try next?`,
    '',
  ];
  return { ...about({ ...letter, number, to }), becomes: 'appended', answers: letter, bytes: Buffer.from(lines.join('\r\n')) };
}

function about({ number, from, to, language }: Pick<Letter, 'number' | 'from' | 'to' | 'language'>) {
  return { number, from, to, language, answers: null, broken: null, sha256s: [] };
}

export const messageIdOf = (number: number) => `letter-${number}@customers.test`;

function headOf({ number, name, from, to, subject }: Skeleton, answers: Letter | null): string[] {
  return [
    `X-Letter: ${number}`,
    `From: ${encoded(name)} <${from}>`,
    `To: Support <${to}>`,
    `Subject: ${encoded(answers ? `Re: ${subject}` : subject)}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${messageIdOf(number)}>`,
    ...(answers ? [`In-Reply-To: <${messageIdOf(answers.number)}>`, `References: <${messageIdOf(answers.number)}>`] : []),
    'MIME-Version: 1.0',
  ];
}

/** Many small ones and a few large. */
function fileBytes(chance: Chance): Buffer {
  return randomBytes(Math.floor(MIN_FILE_BYTES * (MAX_FILE_BYTES / MIN_FILE_BYTES) ** chance.next()));
}

export function part(contentType: string, bytes: Buffer, filename?: string): string {
  const disposition = filename ? [`Content-Disposition: attachment; filename="${filename}"`] : [];
  const head = [`Content-Type: ${contentType}`, ...disposition, 'Content-Transfer-Encoding: base64'];
  return `${head.join('\r\n')}\r\n\r\n${bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n`;
}

function multipart(parts: string[]): string {
  const pieces = parts.map((piece) => `--edge\r\n${piece}\r\n`).join('');
  return `Content-Type: multipart/mixed; boundary="edge"\r\n\r\n${pieces}--edge--\r\n`;
}

function encoded(words: string): string {
  return `=?utf-8?B?${Buffer.from(words).toString('base64')}?=`;
}

function shuffled<T>(things: T[], chance: Chance): T[] {
  return things
    .map((thing) => ({ thing, place: chance.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ thing }) => thing);
}
