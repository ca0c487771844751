import { COPY_OF_MESSAGE, FAILURE_WORDS } from './bounce-words.ts';
import type { FailureWords } from './bounce-words.ts';
import { parseDeliveryStatus, statusIn } from './dsn.ts';
import type { Bounce, BounceRecipient } from './letter.ts';

const MAX_REPORT_LENGTH = 30_000;
const MAX_RECIPIENTS = 50;

export interface BounceSource {
  /** What the server wrote for people. */
  text: string;
  /** The message/delivery-status parts. */
  deliveryStatus: string[];
  failedRecipients: string[];
  /** The returned mail or its headers. */
  original: string;
  /** Our own addresses, which are no failed recipients. */
  ownAddresses: string[];
}

export function readBounce(source: BounceSource): Bounce {
  const report = reportText(source.text);
  const fromParts = source.deliveryStatus.flatMap(parseDeliveryStatus);
  const listed = fromParts.length > 0 ? fromParts : wordyRecipients(report, source);
  const recipients = listed.slice(0, MAX_RECIPIENTS).map((recipient) => completed(recipient, report));
  const verdicts = recipients.map((recipient) => verdictOf(recipient, report));
  return {
    recipients,
    hard: verdicts.some((verdict) => verdict.hard),
    addressIsDead: verdicts.length > 0 && verdicts.every((verdict) => verdict.isDead),
    originalMessageId: originalMessageId(source),
  };
}

/** Only what the server said: the copy of our mail below it has words and codes of its own. */
function reportText(text: string): string {
  const head = text.slice(0, MAX_REPORT_LENGTH);
  const lines = head.split('\n');
  const copy = lines.findIndex((line, at) => at > 0 && line.length < 300 && COPY_OF_MESSAGE.test(line));
  return (copy === -1 ? lines : lines.slice(0, copy)).join('\n');
}

function completed(recipient: BounceRecipient, report: string): BounceRecipient {
  const said = `${recipient.diagnostic}\n${report}`;
  const isVague = recipient.status === '' || /^[45]\.0\.0$/.test(recipient.status);
  const status = isVague
    ? statusIn(recipient.diagnostic) || statusIn(report) || recipient.status || inferredStatus(said)
    : recipient.status;
  const action = recipient.action || ((status.startsWith('4') || status === '') && SAYS_DELAYED.test(report) ? 'delayed' : 'failed');
  return { ...recipient, status, action, diagnostic: recipient.diagnostic || diagnosticLine(report, recipient.address) };
}

function inferredStatus(said: string): string {
  return wordsIn(said)?.status ?? '';
}

function wordsIn(said: string): FailureWords | null {
  const flat = said.slice(0, MAX_REPORT_LENGTH).replaceAll(/\s+/g, ' ');
  return FAILURE_WORDS.find(({ pattern }) => pattern.test(flat)) ?? null;
}

const SAYS_DELAYED = /delayed|still trying|(?:be|being) retried|warning message only|retry for|has been deferred/i;
const DEAD = /^5\.1\.(?:1|2|3|6|10|351)$|^5\.4\.4$|^5\.4\.310$/;
const SOFT = /^5\.2\.2$|^5\.4\.7$|^5\.4\.1$/;

/** The words of the diagnostic beat the code where they name the cause: many servers send 5.0.0 or 5.1.1 for everything. */
function verdictOf(recipient: BounceRecipient, report: string): { hard: boolean; isDead: boolean } {
  const { action, status } = recipient;
  if (action === 'delayed' || action === 'delivered' || action === 'relayed' || action === 'expanded')
    return { hard: false, isDead: false };
  const own = wordsIn(recipient.diagnostic);
  const words = own && own.status !== '5.7.1' ? own : status === '' || isUnspecific(status) ? (wordsIn(report) ?? own) : own;
  if (words && !words.hard && words.status === '5.2.2') return { hard: false, isDead: false };
  if (DEAD.test(status)) return { hard: true, isDead: true };
  if (SOFT.test(status) || status.startsWith('4')) return { hard: false, isDead: false };
  if (words && isUnspecific(status)) return { hard: words.hard, isDead: words.isDead };
  return { hard: true, isDead: words?.isDead ?? false };
}

function isUnspecific(status: string): boolean {
  return status === '' || /^[45]\.(?:0\.0|1\.0|2\.0|3\.0|4\.0|5\.0|7\.0)$/.test(status);
}

/** Recipients from the words: `<a@b>:`, `To: a@b`, an address alone on its line, or X-Failed-Recipients. */
function wordyRecipients(report: string, source: BounceSource): BounceRecipient[] {
  const own = new Set(source.ownAddresses.map((address) => address.toLowerCase()));
  const named = source.failedRecipients.length > 0 ? source.failedRecipients : addressesIn(report, own);
  const addresses = [...new Set(named.map((address) => address.toLowerCase()))];
  const known = addresses.length > 0 ? addresses : [''];
  return known.map((address) => ({
    address,
    action: '',
    status: statusNear(report, address),
    diagnostic: diagnosticLine(report, address),
  }));
}

function addressesIn(report: string, own: Set<string>): string[] {
  const lines = report.split('\n');
  const onTheirOwn = lines.flatMap((line) => {
    const match =
      /^[\s*>.-]*(?:<|To:\s*<?|Recipient:\s*<?|RCPT TO:\s*<?|\[?mailto:)?([^\s<>()[\]:;,"@]+@[^\s<>()[\]:;,"@]+\.[^\s<>()[\]:;,"@]+)>?/i.exec(
        line.slice(0, 500),
      );
    return match?.[1] ? [match[1]] : [];
  });
  const anywhere =
    onTheirOwn.length > 0
      ? onTheirOwn
      : [...report.slice(0, 5_000).matchAll(/[\w.+=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g)].map((match) => match[0]).slice(0, 1);
  return anywhere
    .map((address) => address.replace(/\.$/, ''))
    .filter((address) => !own.has(address.toLowerCase()) && !/^(?:postmaster|mailer-daemon|abuse|support)@/i.test(address));
}

/** The lines that speak of the address. */
function diagnosticLine(report: string, address: string): string {
  const lines = report.split('\n').map((line) => line.trim());
  const at = address === '' ? -1 : lines.findIndex((line) => line.toLowerCase().includes(address.toLowerCase()));
  const about = at === -1 ? lines : lines.slice(at, at + 8);
  const coded = about.filter((line) => /\b[45]\d\d[\s-]|[45]\.\d+\.\d+/.test(line));
  const chosen = coded.length > 0 ? coded.slice(0, 3) : at === -1 ? [] : about.slice(0, 4);
  return chosen.join(' ').slice(0, 1_000);
}

function statusNear(report: string, address: string): string {
  const at = address === '' ? -1 : report.toLowerCase().indexOf(address);
  return (at === -1 ? '' : statusIn(report.slice(at, at + 1_500))) || statusIn(report);
}

function originalMessageId(source: BounceSource): string {
  const MAX_SEARCHED = 200_000;
  for (const text of [source.original, source.text]) {
    const match = /^[ \t>]*message-id[ \t]*:\s{0,4}<([^<>\s]{1,998})>/im.exec(text.slice(0, MAX_SEARCHED));
    if (match?.[1]) return match[1];
  }
  return '';
}
