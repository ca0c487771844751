import type { MailboxTrouble } from '#db/schema.ts';
import type { MailboxAuth } from '#db/words.ts';
import type { Translate } from '#i18n.ts';
import { context, section } from '../card.ts';
import { bold, escape, italic, moment, shorten } from '../mrkdwn.ts';
import type { Block } from '../slack.ts';
import { type AddressLine, addressBlocks } from './admin-addresses.ts';
import { type Button, buttons, confirmation, divider, header, lines, type Page, pager } from './parts.ts';

export interface MailboxLine {
  id: number;
  version: number;
  name: string;
  auth: MailboxAuth;
  isFromEnvironment: boolean;
  isEnabled: boolean;
  userName: string;
  /** `imap.example.com:993`; null when it is not read. */
  imap: string | null;
  folder: string;
  readAt: Date | null;
  imapTrouble: MailboxTrouble | null;
  /** Null when nothing is sent through it. */
  smtp: string | null;
  smtpTrouble: MailboxTrouble | null;
  pausedAt: Date | null;
  /** The first of those that send through it, and how many there are. */
  addresses: { shown: string[]; total: number };
}

export interface MailFacts {
  tab: 'mail';
  mailboxes: Page<MailboxLine>;
  addresses: Page<AddressLine>;
}

/** In which order the buttons for a new mailbox stand. */
const KINDS = ['password', 'google', 'microsoft'] as const;
const MAX_NAME = 100;
const MAX_PLACE = 120;
const MAX_WORDS = 500;

export function mailBlocks({ mailboxes, addresses }: MailFacts, t: Translate): Block[] {
  return [
    header(`${t('mailboxes:home.title')} · ${mailboxes.total}`),
    buttons(
      'mailbox.add',
      KINDS.map((kind) => ({ action: `mailbox.add:${kind}`, label: t(`mailboxes:button.add_${kind}`), value: kind })),
    ),
    ...(mailboxes.total === 0
      ? [section(escape(t('mailboxes:home.empty')))]
      : mailboxes.items.flatMap((mailbox) => [...mailboxBlocks(mailbox, t), divider])),
    ...pager('mailboxes', mailboxes, t),
    header(`${t('mailboxes:home.addresses')} · ${addresses.total}`),
    context([escape(t('mailboxes:home.addresses_hint'))]),
    buttons('address.add', [{ action: 'address.add', label: t('mailboxes:button.add_address') }]),
    ...addresses.items.flatMap((address) => addressBlocks(address, t)),
    ...pager('addresses', addresses, t),
  ];
}

function mailboxBlocks(mailbox: MailboxLine, t: Translate): Block[] {
  return [
    lines([
      `${bold(escape(shorten(mailbox.name, MAX_NAME)))}  ·  ${escape(stateWords(mailbox, t))}`,
      ...readingLines(mailbox, t),
      ...sendingLines(mailbox, t),
      addressesLine(mailbox, t),
    ]),
    buttons(`mailbox.${mailbox.id}`, mailboxButtons(mailbox, t)),
  ];
}

function stateWords({ isFromEnvironment, isEnabled, imapTrouble, smtpTrouble, pausedAt }: MailboxLine, t: Translate): string {
  const isTroubled = imapTrouble !== null || smtpTrouble !== null || pausedAt !== null;
  const state = !isEnabled
    ? `⚪ ${t('mailboxes:state.off')}`
    : isTroubled
      ? `⚠️ ${t('mailboxes:state.trouble')}`
      : `🟢 ${t('mailboxes:state.on')}`;
  return isFromEnvironment ? `${state}  ·  ${t('mailboxes:state.environment')}` : state;
}

function readingLines({ imap, userName, folder, readAt, imapTrouble, auth }: MailboxLine, t: Translate): string[] {
  const label = italic(escape(t('mailboxes:label.reads')));
  if (imap === null) return [`${label} ${escape(t('mailboxes:home.reads_nothing'))}`];
  const place = t('mailboxes:home.reads', { place: placeWords(userName, imap), folder: shorten(folder, MAX_PLACE) });
  const signedIn = auth === 'password' ? '' : `  ·  ${escape(t(`mailboxes:auth.${auth}`))}`;
  const read = readAt ? `${escape(t('mailboxes:home.read_at'))} ${moment(readAt)}` : escape(t('mailboxes:home.never_read'));
  return [`${label} ${escape(place)}${signedIn}  ·  🕑 ${read}`, ...troubleLine(imapTrouble, t)];
}

function sendingLines({ smtp, smtpTrouble, pausedAt }: MailboxLine, t: Translate): string[] {
  const label = italic(escape(t('mailboxes:label.sends')));
  if (smtp === null) return [`${label} ${escape(t('mailboxes:home.sends_nothing'))}`];
  const paused = pausedAt ? [`✋ ${escape(t('mailboxes:home.paused'))}`] : [];
  return [`${label} ${escape(shorten(smtp, MAX_PLACE))}`, ...troubleLine(smtpTrouble, t), ...paused];
}

function troubleLine(trouble: MailboxTrouble | null, t: Translate): string[] {
  if (!trouble) return [];
  const words = shorten(t(`mailboxes:trouble.${trouble.key}`, trouble.params), MAX_WORDS);
  return [`⚠️ ${escape(t('mailboxes:home.since'))} ${moment(new Date(trouble.since))}: ${escape(words)}`];
}

function addressesLine({ addresses: { shown, total }, smtp, isEnabled }: MailboxLine, t: Translate): string {
  if (total === 0) return smtp === null ? '' : escape(t('mailboxes:home.no_addresses'));
  const names = shown.map((address) => shorten(address, MAX_PLACE)).join(', ');
  const more = total > shown.length ? ` ${t('mailboxes:home.more', { count: total - shown.length })}` : '';
  const elsewhere = isEnabled ? '' : `\n⚠️ ${escape(t('mailboxes:home.off_elsewhere'))}`;
  return `${italic(escape(t('mailboxes:label.addresses')))} ${escape(names + more)}${elsewhere}`;
}

function placeWords(userName: string, place: string): string {
  return shorten(userName === '' ? place : `${userName} · ${place}`, MAX_PLACE);
}

function mailboxButtons({ id, version, isFromEnvironment, isEnabled, pausedAt }: MailboxLine, t: Translate): Button[] {
  const seen = `${id}:${version}`;
  const remove: Button = {
    action: 'mailbox.remove',
    label: t('mailboxes:button.remove'),
    value: seen,
    style: 'danger',
    confirm: confirmation(
      { title: t('mailboxes:remove.title'), text: t('mailboxes:remove.text'), confirm: t('mailboxes:button.remove') },
      t('mailboxes:button.cancel'),
    ),
  };
  const turn: Button = { action: 'mailbox.switch', label: t(isEnabled ? 'mailboxes:button.off' : 'mailboxes:button.on'), value: seen };
  return [
    ...(pausedAt ? [{ action: 'mailbox.resume', label: t('mailboxes:button.resume'), value: String(id), style: 'primary' as const }] : []),
    { action: 'mailbox.test', label: t('mailboxes:button.test'), value: String(id) },
    ...(isFromEnvironment ? [] : [{ action: 'mailbox.login', label: t('mailboxes:button.login'), value: String(id) }]),
    { action: 'mailbox.settings', label: t('mailboxes:button.settings'), value: String(id) },
    ...(isFromEnvironment ? [] : [turn, remove]),
  ];
}
