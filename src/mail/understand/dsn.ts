import type { BounceRecipient } from './letter.ts';

/** The recipient blocks of a message/delivery-status part (RFC 3464), as tolerant as its writers are careless. */
export function parseDeliveryStatus(text: string): BounceRecipient[] {
  const recipients: BounceRecipient[] = [];
  let fields = new Map<string, string>();
  for (const [name, value] of unfolded(text)) {
    // Blocks should be parted by an empty line, but a second recipient is a second block even without.
    const isNextBlock = name === '' || (fields.has(name) && (name === 'final-recipient' || name === 'original-recipient'));
    if (isNextBlock) {
      addRecipient(recipients, fields);
      fields = new Map();
    }
    if (name !== '' && !fields.has(name)) fields.set(name, value);
  }
  addRecipient(recipients, fields);
  return mergedBlocks(recipients);
}

const MAX_LINES = 5_000;

/** Name and value pairs; an empty name stands for an empty line. */
function unfolded(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (const line of text.split('\n').slice(0, MAX_LINES)) {
    const last = pairs.at(-1);
    const match = /^([A-Za-z][\w-]{1,60})\s*:\s?(.*)$/.exec(line.trimEnd());
    if (/^[ \t]+\S/.test(line) && last && last[0] !== '') last[1] = `${last[1]} ${line.trim()}`.slice(0, 4_000);
    else if (match) pairs.push([(match[1] ?? '').toLowerCase(), (match[2] ?? '').trim()]);
    else if (line.trim() === '') pairs.push(['', '']);
  }
  return pairs;
}

function addRecipient(recipients: BounceRecipient[], fields: Map<string, string>): void {
  const address = addressIn(fields.get('final-recipient')) || addressIn(fields.get('original-recipient'));
  const action = (fields.get('action') ?? '').toLowerCase().split(/[\s(;]/)[0] ?? '';
  const status = statusIn(fields.get('status') ?? '');
  if (address === '' && action === '' && status === '') return;
  const diagnostic = (fields.get('diagnostic-code') ?? '').replace(/^[\w-]+\s*;\s*/, '');
  recipients.push({ address, action, status: status || '', diagnostic: diagnostic.slice(0, 2_000) });
}

/** Too many empty lines cut one block in two: the half without an address belongs to the one before. */
function mergedBlocks(recipients: BounceRecipient[]): BounceRecipient[] {
  const merged: BounceRecipient[] = [];
  for (const recipient of recipients) {
    const last = merged.at(-1);
    if (last && recipient.address === '' && (last.status === '' || last.action === '')) {
      last.action ||= recipient.action;
      last.status ||= recipient.status;
      last.diagnostic ||= recipient.diagnostic;
    } else merged.push(recipient);
  }
  return merged.filter((recipient) => recipient.address !== '' || recipient.status !== '');
}

function addressIn(value: string | undefined): string {
  const bare = (value ?? '').replace(/^[\w-]+\s*;\s*/, '').trim();
  const found = /<?([^\s<>;,"()]+@[^\s<>;,"()]+)>?/.exec(bare.slice(0, 1_000))?.[1];
  return (found ?? bare.split(/\s/)[0] ?? '').replaceAll(/^[<'"]+|[>'".,]+$/g, '');
}

export function statusIn(text: string): string {
  return /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/.exec(text.slice(0, 2_000))?.[1] ?? '';
}
