import type { AudienceFacts, AudienceSubject } from './audience-facts.ts';
import { allowedForms, findNames } from './names.ts';
import type { Contents } from './passages.ts';
import { type Reason, excerpt, reason } from './reason.ts';

const HOST =
  /(?<![\p{L}\p{N}._-])((?:[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?\.){1,8}[\p{L}][\p{L}\p{N}-]{1,22})(?![\p{L}\p{N}_-])/gu;
const ADDRESS = /(?<![\p{L}\p{N}.+_-])([\p{L}\p{N}.+_-]{1,64})@((?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24})/gu;
const PRIVATE_ADDRESS = /(?<![\d.])(?:10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.\d{1,3}\.\d{1,3}(?![\d.])/g;
const INTERNAL_ENDINGS = ['.local', '.internal', '.lan', '.intra', '.corp', '.intranet', '.home.arpa', '.localdomain'];
const SLACK_LINK = /(?:^|\.)slack\.com$/;
const LONE_HOST = /\bhttps?:\/\/([a-z0-9_-]{2,63})(?=[:/\s]|$)/gi;
/** Addresses that every customer's router or machine has. */
const EVERYBODYS = new Set(['192.168.0.1', '192.168.1.1', '192.168.8.1', '192.168.100.1', '10.0.0.1', '10.0.0.138']);
const EVERYBODYS_HOSTS = new Set(['localhost', 'fritz.box', 'router.local']);
const HANDLE = /(?<![\p{L}\p{N}.@_-])@([\p{L}\p{N}][\p{L}\p{N}._-]{1,60})/gu;

export function colleagueReasons(contents: Contents, facts: AudienceFacts, subject: AudienceSubject): Reason[] {
  const mention = contents.mentions[0];
  if (mention) return [reason('mentions', { name: excerpt(mention.name) })];
  const texts = contents.passages.map((passage) => passage.text);
  const handle = texts.flatMap((text) => [...text.matchAll(HANDLE)]).map((match) => match[1] ?? '')[0];
  if (handle) return [reason('mentions', { name: `@${excerpt(handle)}` })];
  const allowed = new Set([...facts.allowed, ...requesterWords(subject)]);
  for (const sentence of contents.passages.flatMap((passage) => passage.sentences)) {
    const named = sentence.find((token) => facts.colleagueHandles.has(token.word) && /[\d._-]/.test(token.word));
    const found = named?.text ?? findNames(facts.colleagues, sentence, allowed)[0]?.name;
    if (found) return [reason('names_colleague', { name: excerpt(found) })];
  }
  return [];
}

export function hostReasons(contents: Contents, facts: AudienceFacts): Reason[] {
  const texts = [...contents.passages.map((passage) => passage.text), ...contents.links.map((link) => link.url)];
  for (const text of texts) {
    const found = internalHost(text, facts);
    if (found) return [reason('internal_host', { host: excerpt(found) })];
  }
  return [];
}

export function otherCustomerReasons(contents: Contents, facts: AudienceFacts, subject: AudienceSubject): Reason[] {
  const texts = [...contents.passages.map((passage) => passage.text), ...contents.links.map((link) => link.url)];
  const address = texts.map((text) => otherAddress(text, facts, subject)).find((found) => found !== null);
  if (address) return [reason('other_customer', { name: excerpt(address) })];
  const allowed = new Set([...facts.allowed, ...requesterWords(subject)]);
  const own = new Set([subject.requesterName, subject.organizationName]);
  for (const sentence of contents.passages.flatMap((passage) => passage.sentences)) {
    const named = [...findNames(facts.otherPeople, sentence, allowed), ...findNames(facts.otherOrganizations, sentence, allowed)];
    const other = named.find((found) => !own.has(found.name));
    if (other) return [reason('other_customer', { name: excerpt(other.name) })];
  }
  return [];
}

export function otherTicketReasons(contents: Contents, facts: AudienceFacts, subject: AudienceSubject): Reason[] {
  if (facts.ticketPrefixes.length === 0) return [];
  const prefixes = facts.ticketPrefixes.map((prefix) => prefix.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)).join('|');
  const number = new RegExp(`(?<![\\p{L}\\p{N}])(?:${prefixes})\\s?[-‐‑‒–—−#]?\\s?(\\d{1,9})(?![\\p{L}\\p{N}])`, 'giu');
  const own = subject.number.replaceAll(/\D/g, '');
  const texts = [...contents.passages.map((passage) => passage.text), ...contents.links.map((link) => link.url)];
  const other = texts.flatMap((text) => [...text.matchAll(number)]).find((match) => Number(match[1]) !== Number(own));
  return other ? [reason('other_ticket', { number: excerpt(other[0]) })] : [];
}

function requesterWords(subject: AudienceSubject): Set<string> {
  return allowedForms(subject.requesterName ? [subject.requesterName] : []);
}

function internalHost(text: string, facts: AudienceFacts): string | null {
  const address = [...text.matchAll(PRIVATE_ADDRESS)].map((match) => match[0]).find((found) => !EVERYBODYS.has(found));
  const lone = [...text.matchAll(LONE_HOST)].map((match) => match[1] ?? '').find((host) => !EVERYBODYS_HOSTS.has(host.toLowerCase()));
  const named = [...text.matchAll(HOST)].map((match) => match[1] ?? '').find((host) => isInternal(host.toLowerCase(), facts));
  return address ?? lone ?? named ?? loneKnownHost(text, facts);
}

function isInternal(host: string, facts: AudienceFacts): boolean {
  if (EVERYBODYS_HOSTS.has(host)) return false;
  if (INTERNAL_ENDINGS.some((ending) => host.endsWith(ending)) || SLACK_LINK.test(host)) return true;
  return facts.internalHosts.some((known) => (known.startsWith('.') ? host.endsWith(known) || host === known.slice(1) : host === known));
}

/** Machines without a dot in their name, as colleagues call them. */
function loneKnownHost(text: string, facts: AudienceFacts): string | null {
  const lone = facts.internalHosts.filter((known) => !known.includes('.') && !EVERYBODYS_HOSTS.has(known));
  if (lone.length === 0) return null;
  const words = new Set(text.toLowerCase().split(/[^\p{L}\p{N}_-]+/u));
  return lone.find((known) => words.has(known)) ?? null;
}

function otherAddress(text: string, facts: AudienceFacts, subject: AudienceSubject): string | null {
  for (const [whole, , domain = ''] of text.matchAll(ADDRESS)) {
    if (facts.otherAddresses.has(whole.toLowerCase()) || isOtherDomain(domain.toLowerCase(), facts, subject)) return whole;
  }
  return [...text.matchAll(HOST)].map((match) => match[1] ?? '').find((host) => isOtherDomain(host.toLowerCase(), facts, subject)) ?? null;
}

/** A subdomain of a customer's domain is that customer's. */
function isOtherDomain(host: string, facts: AudienceFacts, subject: AudienceSubject): boolean {
  const labels = host.split('.');
  const domains = labels.map((_label, index) => labels.slice(index).join('.'));
  return domains.some((domain) => facts.otherDomains.has(domain)) && !domains.some((domain) => subject.ownDomains?.includes(domain));
}
