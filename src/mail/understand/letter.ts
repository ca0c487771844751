import type { Language } from '#text/language.ts';
/** What Tiketti understands of one mail. Everything here is data: it crosses a thread boundary. */
export interface Mailbox {
  address: string;
  name: string;
}

export type LetterKind = 'message' | 'auto_reply' | 'bounce' | 'bulk' | 'receipt' | 'calendar' | 'feedback_report' | 'own' | 'spam';

export interface Requester extends Mailbox {
  why: 'from' | 'reply-to' | 'forward';
}

export interface BounceRecipient {
  address: string;
  action: string;
  status: string;
  diagnostic: string;
}

export interface Bounce {
  recipients: BounceRecipient[];
  /** Trying again will not help. */
  hard: boolean;
  /** The address itself is dead (unknown user, unknown host), so it may be marked undeliverable. */
  addressIsDead: boolean;
  originalMessageId: string;
}

export interface Forwarded {
  from: Mailbox;
  to: Mailbox[];
  cc: Mailbox[];
  subject: string;
  date: string;
  body: string;
  /** What the forwarder wrote above it. */
  message: string;
}

export interface Attachment {
  filename: string;
  contentType: string;
  size: number;
  sha256: string;
  inline: boolean;
  contentId: string | null;
  from: 'mime' | 'tnef' | 'message';
  bytes: Uint8Array;
}

export interface Authentication {
  spf: string | null;
  dkim: string | null;
  dmarc: string | null;
  /** Said by a server we trust. Without it the verdicts are only what the mail claims, and decide nothing. */
  trusted: boolean;
}

export interface Letter {
  messageId: string | null;
  date: string | null;
  subject: string;
  from: Mailbox;
  sender: Mailbox | null;
  replyTo: Mailbox[];
  to: Mailbox[];
  cc: Mailbox[];
  inReplyTo: string | null;
  references: string[];
  listId: string | null;
  /** Addresses that delivery left in the headers: Delivered-To, X-Original-To and the like. */
  deliveredTo: string[];
  returnPath: string | null;
  headers: Record<string, string[]>;
  requester: Requester;
  kind: LetterKind;
  suppressAutoReply: boolean;
  reasons: string[];
  bounce: Bounce | null;
  forwarded: Forwarded | null;
  text: string;
  replyText: string;
  quotedText: string;
  signature: string;
  /** Sanitized; images of the mail itself keep their `cid:` links. */
  html: string | null;
  language: Language | null;
  attachments: Attachment[];
  authentication: Authentication;
  problems: string[];
  /** The same mail through two mailboxes has the same digest: transport headers do not count. */
  contentDigest: string;
}

export interface UnderstandingContext {
  ownAddresses: string[];
  ownDomains: string[];
  /** The right-hand side of the Message-IDs we make. */
  ownMessageIdDomain?: string;
  agentAddresses: string[];
  trustedAuthservIds: string[];
  envelopeFrom?: string | null;
  envelopeTo?: string[];
  /** Known to continue a conversation; without it the headers and the subject decide. */
  isReply?: boolean;
}

export const EMPTY_CONTEXT: UnderstandingContext = { ownAddresses: [], ownDomains: [], agentAddresses: [], trustedAuthservIds: [] };
