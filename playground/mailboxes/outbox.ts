import { createTransport } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Mailbox, StoredMail } from './store.ts';

export interface NewMail {
  /** The writer's mailbox. */
  box: string;
  to: string;
  cc?: string;
  subject: string;
  text: string;
  html?: string;
  files?: { name: string; base64: string; contentId?: string }[];
  /** The mail that is answered: threading headers and the quote come from it. */
  answers?: string;
  headers?: Record<string, string>;
}

export interface Answered {
  mail: StoredMail;
  text: string;
}

const SEND_MILLISECONDS = 20_000;
const QUOTED_LINES = 200;
const WROTE: Record<string, (name: string, at: string) => string> = {
  fi: (name, at) => `${name} kirjoitti ${at}:`,
  sv: (name, at) => `${name} skrev ${at}:`,
  ru: (name, at) => `${at}, ${name} написал(а):`,
  en: (name, at) => `On ${at}, ${name} wrote:`,
};

/** The bytes an ordinary mail program would send: an answer carries its threading headers and the quote below. */
export async function composeMail(
  mail: NewMail,
  { writer, answered, at }: { writer: Mailbox; answered: Answered | null; at: Date },
): Promise<Buffer> {
  const composer = new MailComposer({
    from: { name: writer.name, address: writer.address },
    to: mail.to,
    ...(mail.cc ? { cc: mail.cc } : {}),
    subject: mail.subject,
    date: at,
    text: answered ? `${mail.text}\n\n${quoteOf(answered, writer)}\n` : mail.text,
    ...(mail.html ? { html: mail.html } : {}),
    ...(answered?.mail.messageId
      ? { inReplyTo: answered.mail.messageId, references: [...answered.mail.references, answered.mail.messageId] }
      : {}),
    headers: { 'X-Mailer': 'Playground mailboxes', 'Content-Language': writer.locale, ...mail.headers },
    attachments: (mail.files ?? []).map(({ name, base64, contentId }) => ({
      filename: name,
      content: Buffer.from(base64, 'base64'),
      ...(contentId ? { cid: contentId } : {}),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** Hands the bytes over by SMTP; answers what the server said when it did not take them. */
export async function sendMail(raw: Buffer, { port, from, to }: { port: number; from: string; to: string[] }): Promise<string | null> {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    connectionTimeout: SEND_MILLISECONDS,
    greetingTimeout: SEND_MILLISECONDS,
    socketTimeout: SEND_MILLISECONDS,
  });
  try {
    await transport.sendMail({ envelope: { from, to }, raw });
    return null;
  } catch (error) {
    const { response, message } = error as Error & { response?: string };
    return response ?? message;
  } finally {
    transport.close();
  }
}

function quoteOf({ mail, text }: Answered, writer: Mailbox): string {
  const language = writer.locale.slice(0, 2);
  const at = new Date(mail.at).toLocaleString(writer.locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Europe/Helsinki' });
  const wrote = (WROTE[language] ?? WROTE['en'])?.(mail.from.name || mail.from.address, at) ?? '';
  const lines = text.trimEnd().split(/\r?\n/).slice(0, QUOTED_LINES);
  return [wrote, ...lines.map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()))].join('\n');
}
