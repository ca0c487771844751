import type { Document } from '#text/document.ts';

export type Template = 'confirmation' | 'reply' | 'solved' | 'follow_up' | 'message';

/** What Tiketti tells the requester of itself. */
export type Notice = Exclude<Template, 'reply' | 'message'>;

export interface Address {
  name: string;
  address: string;
}

/** What a mail says, fixed when it was released: everything needed to render it, nothing looked up later. */
export interface OutgoingContent {
  template: Template;
  templateVersion: number;
  language: string;
  timeZone: string;
  brand: { name: string; colour: string; logoUrl: string | null };
  ticket: { number: string; subject: string };
  person: { name: string | null };
  agent: { name: string | null; signature: string | null };
  /** The agent's reply; in a confirmation the customer's own words. */
  body: Document | null;
  /** The public message this answers. `at` is ISO 8601. */
  quoted: { from: string; at: string; body: Document } | null;
  isSolved: boolean;
  files: { fileId: number; sha256: string; filename: string; contentType: string; contentId: string | null }[];
  variables: Record<string, string>;
}

/** Whom a mail goes to and how it threads, fixed with its content. */
export interface Addressing {
  messageId: string;
  inReplyTo: string | null;
  references: string[];
  from: Address;
  replyTo: string;
  to: Address[];
  cc: Address[];
  /** ISO 8601. */
  date: string;
  automatic: 'auto-replied' | 'auto-generated' | null;
  instance: string;
}
