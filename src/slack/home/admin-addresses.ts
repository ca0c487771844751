import type { Translate } from '#i18n.ts';
import { LANGUAGES } from '#i18n.ts';
import { bold, escape, shorten } from '../mrkdwn.ts';
import type { Block } from '../slack.ts';
import { buttons, confirmation, lines } from './parts.ts';

export interface AddressLine {
  id: number;
  /** Of the row as it is shown. */
  mark: string;
  address: string;
  displayName: string;
  group: string;
  language: string | null;
  /** By name; null for the environment's server. */
  mailbox: string | null;
  isDefault: boolean;
}

const MAX_NAME = 100;

export function addressBlocks(line: AddressLine, t: Translate): Block[] {
  const { id, mark, address, displayName, isDefault } = line;
  const star = isDefault ? `  ·  ⭐ ${escape(t('mailboxes:address.is_default'))}` : '';
  const remove = {
    action: 'address.remove',
    label: t('mailboxes:button.remove'),
    value: `${id}:${mark}`,
    style: 'danger' as const,
    confirm: confirmation(
      {
        title: t('mailboxes:address.remove_title', { address: shorten(address, MAX_NAME / 2) }),
        text: t('mailboxes:address.remove_text'),
        confirm: t('mailboxes:button.remove'),
      },
      t('mailboxes:button.cancel'),
    ),
  };
  return [
    lines([
      `${bold(escape(shorten(address, MAX_NAME)))}  ·  ${escape(shorten(displayName, MAX_NAME))}${star}`,
      escape(whereWords(line, t)),
    ]),
    buttons(`address.${id}`, [
      { action: 'address.edit', label: t('mailboxes:button.edit'), value: String(id) },
      ...(isDefault ? [] : [remove]),
    ]),
  ];
}

function whereWords({ group, language, mailbox }: AddressLine, t: Translate): string {
  const spoken = language === null ? t('mailboxes:address.any_language') : languageWord(language, t);
  const through =
    mailbox === null ? t('mailboxes:address.through_environment') : t('mailboxes:address.through', { mailbox: shorten(mailbox, MAX_NAME) });
  return [`👥 ${shorten(group, MAX_NAME)}`, `🗣️ ${spoken}`, `📤 ${through}`].join('  ·  ');
}

export function languageWord(code: string, t: Translate): string {
  return (LANGUAGES as readonly string[]).includes(code) ? t(`rules:language.${code}`) : code;
}
