import type { Document } from '#text/document.ts';

/** Counts up when a shipped template says something else than before; a delivery remembers which it was rendered with. */
export const TEMPLATE_VERSION = 1;

export type TemplateName = 'confirmation' | 'reply' | 'solved' | 'follow_up' | 'message';

export interface Address {
  name: string | null;
  address: string;
}

/** What was frozen when the mail was released: all it takes to render, so that nothing is looked up later. */
export interface OutgoingContent {
  /** `message` is a side conversation: a plain letter, without marker, tag or brand bar. */
  template: TemplateName;
  templateVersion: number;
  language: string;
  timeZone: string;
  brand: { name: string; colour: string; logoUrl: string | null };
  ticket: { number: string; subject: string };
  person: { name: string | null };
  agent: { name: string | null; signature: string | null };
  /** The agent's words; in a confirmation the requester's own. */
  body: Document | null;
  /** The public message this one answers. `at` is ISO. */
  quoted: { from: string; at: string; body: Document } | null;
  isSolved: boolean;
  files: FileLabel[];
  /** Placeholders for an admin's template. `previousNumber` also tells a follow-up which ticket it continues. */
  variables: Record<string, string>;
  /** An admin's template (Handlebars source) in place of the shipped one. */
  custom?: CustomTemplate;
}

export interface FileLabel {
  filename: string;
  contentType: string;
  contentId: string | null;
}

export interface CustomTemplate {
  subject: string;
  html: string | null;
  text: string;
}

export interface Addressing {
  messageId: string;
  inReplyTo: string | null;
  references: string[];
  from: { name: string; address: string };
  replyTo: string;
  to: Address[];
  cc: Address[];
  /** ISO. */
  date: string;
  /** Null for what a person wrote. */
  automatic: 'auto-replied' | 'auto-generated' | null;
  /** The value of our loop header. */
  instance: string;
}

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
  language: string;
  /** Failure keys with details: why an admin's template was passed over for the shipped one. Empty when all is well. */
  problems: string[];
}
