import { BOUNCE_SUBJECT, FAILURE_WORDS } from './bounce-words.ts';
import { AUTO_REPLY_SUBJECTS, READ_RECEIPT_SUBJECTS } from './automatic-words.ts';
import { parseDeliveryStatus } from './dsn.ts';
import { firstHeader } from './header.ts';
import type { Part } from './mime.ts';

/** Mail that reports on other mail. */
export type ReportKind = 'bounce' | 'receipt' | 'calendar' | 'feedback_report';

export interface ReportFacts {
  root: Part;
  fromAddress: string;
  fromName: string;
  subject: string;
  text: string;
  hasNullSender: boolean;
}

const MAX_SEARCHED = 6_000;
const MAX_DEPTH = 3;

export function reportKind(facts: ReportFacts): ReportKind | null {
  const reportType = facts.root.type.parameters.get('report-type')?.toLowerCase() ?? '';
  if (reportType === 'feedback-report' || findPart(facts.root, 'message/feedback-report') || isComplaint(facts)) return 'feedback_report';
  if (reportType === 'disposition-notification' || findPart(facts.root, 'message/disposition-notification')) return 'receipt';
  const status = deliveryStatusParts(facts.root);
  if (status.length > 0) return reportsOnlyDelivery(status) ? 'receipt' : 'bounce';
  if (reportType === 'delivery-status' || isWordyBounce(facts)) return 'bounce';
  if (isCalendarReply(facts.root)) return 'calendar';
  return facts.hasNullSender && READ_RECEIPT_SUBJECTS.test(facts.subject) ? 'receipt' : null;
}

export function deliveryStatusParts(root: Part): Part[] {
  return leaves(root).filter((part) => /^message\/(?:global-)?delivery-status$/.test(part.type.value));
}

/** The returned mail, or its headers. */
export function returnedPart(root: Part): Part | null {
  return (
    leaves(root).findLast((part) =>
      /^message\/(?:rfc822|global|rfc822-headers|global-headers)$|^text\/rfc822-headers$/.test(part.type.value),
    ) ?? null
  );
}

function findPart(root: Part, type: string): boolean {
  return leaves(root).some((part) => part.type.value === type);
}

/** Leaves near the root only: what lies deeper belongs to a mail inside this one. */
function leaves(part: Part, depth = 0): Part[] {
  if (part.children.length === 0) return [part];
  return depth >= MAX_DEPTH ? [] : part.children.flatMap((child) => leaves(child, depth + 1));
}

function reportsOnlyDelivery(parts: Part[]): boolean {
  const actions = parts.flatMap((part) => parseDeliveryStatus(part.content().toString('latin1'))).map(({ action }) => action);
  return actions.length > 0 && actions.every((action) => ['delivered', 'relayed', 'expanded'].includes(action));
}

function isComplaint(facts: ReportFacts): boolean {
  return (
    /^complaint about message from/i.test(facts.subject) ||
    /^\s*Feedback-Type:\s*(?:abuse|fraud|virus|other)\b/im.test(facts.text.slice(0, MAX_SEARCHED))
  );
}

function isCalendarReply(root: Part): boolean {
  return leaves(root).some((part) => part.type.value === 'text/calendar' && part.type.parameters.get('method')?.toLowerCase() === 'reply');
}

const DAEMON_ADDRESS =
  /^(?:mailer[-_.]?daemon|mail[-_.]?daemon|post[-_.]?master|mmdf|mdaemon|mail(?:er)?[-_.]?delivery|bounces?|mta[-_.].*|maildaemon|no-?reply-?bounce|daemon|administrator|mail-system)(?:@|$)/i;
const DAEMON_NAME =
  /mailer[- ]daemon|mail delivery|delivery (?:sub)?system|postmaster|mail (?:administrator|system|router)|mail transport|messaging (?:system|service)|system administrator|mail server|systemadministrator|järjestelmänvalvoja|почтов/i;

/** No report part: the sender must be a mail system and the words must speak of a failure. */
function isWordyBounce(facts: ReportFacts): boolean {
  if (AUTO_REPLY_SUBJECTS.some((pattern) => pattern.test(facts.subject))) return false;
  const hasFailedRecipients = firstHeader(facts.root.headers, 'x-failed-recipients') !== null;
  const isDaemon = DAEMON_ADDRESS.test(facts.fromAddress) || (DAEMON_NAME.test(facts.fromName) && facts.fromName.length < 100);
  const hasBounceSubject =
    BOUNCE_SUBJECT.test(facts.subject.slice(0, 300)) && !/^\s*(?:re|fwd?|vs|vl|sv|vb|aw|wg)\s*:/i.test(facts.subject);
  const speaksOfFailure = saysFailure(facts.text);
  if (hasFailedRecipients) return true;
  if (facts.hasNullSender && /could not be delivered to:?\s+<?[^\s<>@]{1,100}@/i.test(facts.text.slice(0, MAX_SEARCHED))) return true;
  if (isDaemon) return hasBounceSubject || speaksOfFailure;
  return hasBounceSubject && speaksOfFailure && (facts.hasNullSender || saysItIsAMachine(facts));
}

function saysFailure(text: string): boolean {
  const head = text.slice(0, MAX_SEARCHED).replaceAll(/\s+/g, ' ');
  if (/\b(?:4|5)\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3}|[#<a-z])/i.test(head) || /[45]\.\d{1,3}\.\d{1,3}\b/.test(head)) return true;
  return (
    /could ?n[o']t be delivered|cannot be delivered|undeliver|delivery .{0,40}fail|failed .{0,40}deliver|not (?:be )?delivered|unable to deliver|returned/i.test(
      head,
    ) || FAILURE_WORDS.slice(0, 4).some(({ pattern }) => pattern.test(head))
  );
}

function saysItIsAMachine(facts: ReportFacts): boolean {
  const auto = firstHeader(facts.root.headers, 'auto-submitted') ?? '';
  return (
    (auto !== '' && !/^no\b/i.test(auto)) ||
    /mail ?(?:er|system|server|delivery|gateway)|qmail|postfix|exim|sendmail|mta\b/i.test(
      `${facts.fromAddress} ${facts.fromName} ${facts.text.slice(0, 500)}`,
    )
  );
}
