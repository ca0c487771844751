import type { Desk } from '#tickets/desk.ts';
import { type Address, allAddresses, markOf } from '#tickets/addresses.ts';
import { allMailboxes, isGone, type Mailbox } from '#tickets/mailboxes.ts';
import type { MailboxLine, MailFacts } from './admin-mail.ts';
import type { AddressLine } from './admin-addresses.ts';
import { groupNames } from './gather-admin.ts';
import { type Page, PAGE_SIZE, pageWithin } from './parts.ts';
import type { HomeState } from './state.ts';

const SHOWN_ADDRESSES = 5;

export async function mailFacts(desk: Desk, { pages }: HomeState): Promise<MailFacts> {
  const mailboxes = (await allMailboxes(desk.db)).filter((mailbox) => !isGone(mailbox));
  const addresses = await allAddresses(desk.db);
  const groups = await groupNames(desk.db);
  const names = new Map(mailboxes.map(({ id, name }) => [id, name]));
  return {
    tab: 'mail',
    mailboxes: paged(
      pages.mailboxes,
      mailboxes.map((mailbox) => mailboxLine(mailbox, addresses)),
    ),
    addresses: paged(
      pages.addresses,
      addresses.map((address) => addressLine(address, groups, names)),
    ),
  };
}

function paged<T>(wanted: number | undefined, all: T[]): Page<T> {
  const page = pageWithin(wanted, all.length);
  return { items: all.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE), page, total: all.length };
}

function mailboxLine(mailbox: Mailbox, addresses: Address[]): MailboxLine {
  const { id, version, name, auth, isFromEnvironment, isEnabled, userName, folder, readAt, imapTrouble, smtpTrouble } = mailbox;
  const using = addresses.filter((address) => address.mailboxId === id || (isFromEnvironment && address.mailboxId === null));
  return {
    id,
    version,
    name,
    auth,
    isFromEnvironment,
    isEnabled,
    userName,
    folder,
    readAt,
    imapTrouble,
    smtpTrouble,
    imap: mailbox.imapHost === null ? null : `${mailbox.imapHost}:${mailbox.imapPort}`,
    smtp: mailbox.smtpHost === null ? null : `${mailbox.smtpHost}:${mailbox.smtpPort}`,
    pausedAt: mailbox.smtpPausedAt,
    addresses: { shown: using.slice(0, SHOWN_ADDRESSES).map(({ address }) => address), total: using.length },
  };
}

function addressLine(row: Address, groups: ReadonlyMap<number, string>, mailboxes: ReadonlyMap<number, string>): AddressLine {
  const { id, address, displayName, language, isDefault } = row;
  return {
    id,
    address,
    displayName,
    language,
    isDefault,
    mark: markOf(row),
    group: groups.get(row.groupId) ?? '?',
    mailbox: row.mailboxId === null ? null : (mailboxes.get(row.mailboxId) ?? '?'),
  };
}
