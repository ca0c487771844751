import { normalAddress } from '#tickets/people.ts';

/** What the header says of a mail before anybody understands it: enough to know which mails belong in a row. */
export interface Peeked {
  messageId: string | null;
  fromAddress: string | null;
  /** With neither an id nor a date two alarms of one machine are the same bytes. */
  isAnonymous: boolean;
}

const MAX_HEADER_BYTES = 64 * 1024;
const MAX_LINES = 1_000;
const MAX_VALUE = 998;

/** Reads a few lines only, so that it may run where mails are taken in; the mail worker reads them properly. */
export function peek(raw: Uint8Array): Peeked {
  const fields = fieldsOf(headerText(raw));
  const messageId = /<([^<>\s]+)>/.exec(fields.get('message-id') ?? '')?.[1] ?? null;
  return {
    messageId,
    fromAddress: addressIn(fields.get('from') ?? ''),
    isAnonymous: !fields.get('message-id') && !fields.get('date'),
  };
}

function headerText(raw: Uint8Array): string {
  const head = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, MAX_HEADER_BYTES));
  const ends = [head.indexOf('\r\n\r\n'), head.indexOf('\n\n')].filter((at) => at !== -1);
  return head.toString('latin1', 0, ends.length > 0 ? Math.min(...ends) : head.length);
}

const WANTED = new Set(['message-id', 'from', 'date']);

/** The first of each wanted field, folded lines joined. */
function fieldsOf(header: string): Map<string, string> {
  const fields = new Map<string, string>();
  let current: string | null = null;
  for (const line of header.split('\n', MAX_LINES)) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (current !== null) fields.set(current, `${fields.get(current) ?? ''} ${line.trim()}`.trim().slice(0, MAX_VALUE));
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    current = WANTED.has(name) && !fields.has(name) ? name : null;
    if (current !== null)
      fields.set(
        current,
        line
          .slice(colon + 1)
          .trim()
          .slice(0, MAX_VALUE),
      );
  }
  return fields;
}

function addressIn(value: string): string | null {
  const open = value.lastIndexOf('<');
  const close = value.indexOf('>', open);
  const address = normalAddress(open !== -1 && close !== -1 ? value.slice(open + 1, close) : value);
  return address.includes('@') && !/\s/.test(address) ? address : null;
}
