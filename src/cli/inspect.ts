import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { startMailWorkers, UnderstandingError } from '#mail/worker.ts';
import type { MailWorkers } from '#mail/worker.ts';
import type { Attachment, Letter, UnderstandingContext } from '#mail/understand/letter.ts';

const MAX_MAIL_BYTES = 50 * 1024 * 1024;
const EXIT_OK = 0;
const NO_CONTEXT: UnderstandingContext = { ownAddresses: [], ownDomains: [], agentAddresses: [], trustedAuthservIds: [] };

export interface InspectOptions {
  /** Folder for the bytes of every attachment, named by their SHA-256. */
  save?: string;
  context?: UnderstandingContext;
}

/** How each mail would be understood, one JSON line a file. A broken mail is an answer too, so the exit code is 0. */
export async function inspect(files: string[], options: InspectOptions, out: (line: string) => void): Promise<number> {
  if (options.save) await mkdir(options.save, { recursive: true });
  const workers = startMailWorkers({ threads: 1 });
  try {
    // The thread starts with its first mail; that time is not the first file's.
    await workers.understand(new Uint8Array(), NO_CONTEXT);
    for (const file of files) out(JSON.stringify(await inspectFile(workers, file, options)));
  } finally {
    await workers.close();
  }
  return EXIT_OK;
}

async function inspectFile(workers: MailWorkers, file: string, { save, context }: InspectOptions): Promise<Record<string, unknown>> {
  const name = basename(file);
  let startedAt = performance.now();
  const ms = (): number => Math.round((performance.now() - startedAt) * 10) / 10;
  try {
    const raw = await readFile(file);
    startedAt = performance.now();
    const letter = await workers.understand(raw.subarray(0, MAX_MAIL_BYTES), context ?? NO_CONTEXT);
    const elapsed = ms();
    if (save) await saveAttachments(save, letter.attachments);
    return { file: name, ms: elapsed, error: null, ...inspected(letter) };
  } catch (cause) {
    return { file: name, ms: ms(), error: describe(cause), ...NOT_UNDERSTOOD };
  }
}

async function saveAttachments(folder: string, attachments: Attachment[]): Promise<void> {
  for (const { sha256, bytes } of attachments) await writeFile(join(folder, sha256), bytes);
}

function inspected(letter: Letter): Record<string, unknown> {
  const { messageId, date, subject, from, replyTo, to, cc, inReplyTo, references, requester, kind, suppressAutoReply, reasons } = letter;
  const { bounce, forwarded, text, replyText, quotedText, signature, html, language, authentication, problems } = letter;
  const attachments = letter.attachments.map(({ bytes: _bytes, ...attachment }) => attachment);
  const envelope = { messageId, date, subject, from, replyTo, to, cc, inReplyTo, references, requester };
  const content = { bounce, forwarded, text, replyText, quotedText, signature, html, language, attachments, authentication, problems };
  return { ...envelope, kind, suppressAutoReply, reasons, ...content };
}

/** What stands in the line of a mail that could not be understood: absent things are null or empty, never missing. */
const NOBODY = { address: '', name: '' };
const NOT_UNDERSTOOD = {
  messageId: null,
  date: null,
  subject: '',
  from: NOBODY,
  replyTo: [],
  to: [],
  cc: [],
  inReplyTo: null,
  references: [],
  requester: { ...NOBODY, why: 'from' },
  kind: 'message',
  suppressAutoReply: true,
  reasons: [],
  bounce: null,
  forwarded: null,
  text: '',
  replyText: '',
  quotedText: '',
  signature: '',
  html: null,
  language: null,
  attachments: [],
  authentication: { spf: null, dkim: null, dmarc: null, trusted: false },
  problems: [],
};

function describe(cause: unknown): string {
  if (cause instanceof UnderstandingError) return cause.reason;
  return cause instanceof Error ? cause.message : String(cause);
}
