import { createPrivateKey } from 'node:crypto';
import { AFTERWARDS } from '#db/words.ts';
import type { Mailbox } from '#tickets/mailboxes.ts';
import type { MailboxSettings } from '#tickets/save-mailbox-settings.ts';
import { isTickedIn, valueIn } from './fields.ts';

export type ParsedSettings = { settings: MailboxSettings } | { errors: Record<string, string> };

type Errors = Record<string, string>;

const MAX_IMPORT_DAYS = 3_650;
const MAX_PER_MINUTE = 6_000;
/** As RFC 8301 wants it at least. */
const MIN_KEY_BITS = 1_024;
const SERVER = /^(?:\*\.)?[a-z\d](?:[\w.-]{0,250}[a-z\d])?$/;
const DNS_NAME = /^(?!-)[a-z\d_-]+(?:\.[a-z\d_-]+)*$/;

/** What the form did not ask about stays as it is. Errors are locale keys, by block. */
export function parseSettings(state: unknown, before: Mailbox): ParsedSettings {
  const errors: Errors = {};
  const has = (block: string) => block in (state as Record<string, unknown>);
  const settings: MailboxSettings = {
    folder: has('folder') ? (valueIn(state, 'folder') ?? 'INBOX') : before.folder,
    ...(has('afterwards') ? afterwardsIn(state, errors) : { afterwards: before.afterwards, afterwardsFolder: before.afterwardsFolder }),
    importDays: has('import_days') ? importDaysIn(state, errors) : before.importDays,
    trustedAuthservIds: has('trusted') ? trustedIn(state, errors) : before.trustedAuthservIds,
    areInternalSendersAuthenticated: isTickedIn(state, 'internal'),
    keepsSentCopies: has('copies') ? isTickedIn(state, 'copies') : before.keepsSentCopies,
    sentFolder: has('sent_folder') ? (valueIn(state, 'sent_folder') ?? null) : before.sentFolder,
    smtpPerMinute: has('per_minute') ? perMinuteIn(state, errors) : before.smtpPerMinute,
    dkim: has('dkim_domain') ? dkimIn(state, before, errors) : dkimOf(before),
  };
  return Object.keys(errors).length > 0 ? { errors } : { settings };
}

function afterwardsIn(state: unknown, errors: Errors): Pick<MailboxSettings, 'afterwards' | 'afterwardsFolder'> {
  const afterwards = AFTERWARDS.find((one) => one === valueIn(state, 'afterwards')) ?? 'leave';
  const afterwardsFolder = valueIn(state, 'afterwards_folder') ?? null;
  if (afterwards === 'move' && afterwardsFolder === null) errors['afterwards_folder'] = 'mailboxes:error.folder';
  return { afterwards, afterwardsFolder };
}

function trustedIn(state: unknown, errors: Errors): string[] {
  const names = (valueIn(state, 'trusted') ?? '').toLowerCase().split(/[\s,;]+/);
  const trusted = [...new Set(names.filter((name) => name !== ''))];
  if (!trusted.every((name) => SERVER.test(name))) errors['trusted'] = 'mailboxes:error.trusted';
  return trusted;
}

function perMinuteIn(state: unknown, errors: Errors): number | null {
  if (valueIn(state, 'per_minute') === undefined) return null;
  return numberIn(state, { block: 'per_minute', least: 1, most: MAX_PER_MINUTE }, errors);
}

export function importDaysIn(state: unknown, errors: Errors): number {
  return numberIn(state, { block: 'import_days', least: 0, most: MAX_IMPORT_DAYS }, errors);
}

function numberIn(state: unknown, { block, least, most }: { block: string; least: number; most: number }, errors: Errors): number {
  const number = Number(valueIn(state, block));
  if (!Number.isInteger(number) || number < least || number > most) errors[block] = `mailboxes:error.${block}`;
  return number;
}

function dkimIn(state: unknown, before: Mailbox, errors: Errors): MailboxSettings['dkim'] {
  const domain = (valueIn(state, 'dkim_domain') ?? '').toLowerCase();
  const selector = (valueIn(state, 'dkim_selector') ?? '').toLowerCase();
  const key = valueIn(state, 'dkim_key') ?? null;
  if (domain === '' && selector === '' && key === null) return null;
  if (!DNS_NAME.test(domain) || !domain.includes('.')) errors['dkim_domain'] = 'mailboxes:error.dkim_domain';
  if (!DNS_NAME.test(selector)) errors['dkim_selector'] = 'mailboxes:error.dkim_selector';
  if (key === null ? before.dkimKey === null : !isRsaKey(key)) errors['dkim_key'] = 'mailboxes:error.dkim_key';
  return { domain, selector, key };
}

function dkimOf({ dkimDomain: domain, dkimSelector: selector }: Mailbox): MailboxSettings['dkim'] {
  return domain === null || selector === null ? null : { domain, selector, key: null };
}

function isRsaKey(pem: string): boolean {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_KEY_BITS;
  } catch {
    return false;
  }
}
