import type { MailboxAuth } from '#db/words.ts';
import type { MailPlace } from '#tickets/mailbox-login.ts';

export interface Preset {
  imap: MailPlace;
  smtp: MailPlace;
  trustedAuthservIds: string[];
  smtpPerMinute: number | null;
}

/** Google writes its checks as mx.google.com; Microsoft lets 30 mails a minute leave a mailbox. */
export const PRESETS: Record<Exclude<MailboxAuth, 'password'>, Preset> = {
  google: {
    imap: { host: 'imap.gmail.com', port: 993, security: 'tls' },
    smtp: { host: 'smtp.gmail.com', port: 587, security: 'starttls' },
    trustedAuthservIds: ['mx.google.com'],
    smtpPerMinute: null,
  },
  microsoft: {
    imap: { host: 'outlook.office365.com', port: 993, security: 'tls' },
    smtp: { host: 'smtp.office365.com', port: 587, security: 'starttls' },
    trustedAuthservIds: [],
    smtpPerMinute: 30,
  },
};
