/** The words of the house, in the order people read them. */
export const STATUSES = ['new', 'open', 'pending', 'on_hold', 'solved', 'closed'] as const;
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export const TYPES = ['question', 'incident', 'problem', 'task'] as const;
export const CHANNELS = ['email', 'phone', 'slack', 'web', 'chat', 'api'] as const;
export const ROLES = ['admin', 'agent', 'light', 'none'] as const;
export const POLICIES = ['guarded', 'confirm', 'notes-first', 'alerts-only'] as const;
export const VISIBILITIES = ['public', 'internal'] as const;
export const DELIVERY_STATES = ['queued', 'sending', 'accepted', 'delayed', 'unknown', 'failed', 'bounced', 'cancelled'] as const;
/** Whether its author was told that an answer is delayed: in its line, then in person. */
export const LATENESSES = ['none', 'quiet', 'loud'] as const;
export const HOLD_STATES = ['lining', 'counting', 'paused', 'waiting', 'released', 'cancelled', 'noted', 'replaced'] as const;
export const LANGUAGE_SOURCES = ['picked', 'form', 'confirmed', 'text', 'person', 'header', 'address', 'system'] as const;
export const MAILBOX_AUTHS = ['password', 'google', 'microsoft'] as const;
/** `tls`: from the first byte · `starttls`: must be offered · `offered`: only where it is · `none`: plain, on a trusted network. */
export const MAIL_SECURITIES = ['tls', 'starttls', 'offered', 'none'] as const;
export const AFTERWARDS = ['leave', 'flag', 'move', 'delete'] as const;
export const VERDICTS = ['pass', 'none', 'fail'] as const;

export type Status = (typeof STATUSES)[number];
export type Priority = (typeof PRIORITIES)[number];
export type TicketType = (typeof TYPES)[number];
export type Channel = (typeof CHANNELS)[number];
export type Role = (typeof ROLES)[number];
export type Policy = (typeof POLICIES)[number];
export type Visibility = (typeof VISIBILITIES)[number];
export type DeliveryState = (typeof DELIVERY_STATES)[number];
export type Lateness = (typeof LATENESSES)[number];
export type HoldState = (typeof HOLD_STATES)[number];
export type LanguageSource = (typeof LANGUAGE_SOURCES)[number];
export type MailboxAuth = (typeof MAILBOX_AUTHS)[number];
export type MailSecurity = (typeof MAIL_SECURITIES)[number];
export type Afterwards = (typeof AFTERWARDS)[number];
export type Verdict = (typeof VERDICTS)[number];

/** `lining`: the control line is not accepted yet · `waiting`: a person must decide. */
export const LIVE_HOLDS: readonly HoldState[] = ['lining', 'counting', 'paused', 'waiting'];
