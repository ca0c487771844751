import type { View } from '@slack/types';
import { z } from 'zod';
import { MAIL_SECURITIES, MAILBOX_AUTHS, type MailboxAuth } from '#db/words.ts';
import type { Translate } from '#i18n.ts';
import { context, section } from '#slack/card.ts';
import { type HomeState, stateText } from '#slack/home/state.ts';
import { escape, shorten } from '#slack/mrkdwn.ts';
import type { Block } from '#slack/slack.ts';
import type { Mailbox } from '#tickets/mailboxes.ts';
import { choice, plain, textInput } from './fields.ts';
import { PRESETS } from './mailbox-presets.ts';

export const MAILBOX_LOGIN = 'mailbox.login';
/** Slack's own limits. */
export const MAX_MODAL_WORD = 24;
const MAX_NAME = 80;
const MAX_HOST = 250;
const MAX_DIGITS = 4;

export interface LoginFormData {
  kind: MailboxAuth;
  /** Null for a new one. */
  mailbox: Mailbox | null;
  /** Of Microsoft's credentials, what is no secret. */
  client: { tenant: string; clientId: string } | null;
  home: HomeState;
}

export const loginMetadata = z.object({
  mailboxId: z.number().int().nullable(),
  version: z.number().int(),
  kind: z.enum(MAILBOX_AUTHS),
  home: z.string(),
});

/** Where a mailbox lies and how it is logged in to. A secret is never shown: an empty field leaves it as it was. */
export function loginView(data: LoginFormData, t: Translate): View {
  const { kind, mailbox, home } = data;
  const metadata = { mailboxId: mailbox?.id ?? null, version: mailbox?.version ?? 0, kind, home: stateText(home) };
  return {
    type: 'modal',
    callback_id: MAILBOX_LOGIN,
    title: plain(shorten(t(`mailboxes:login.title_${kind}`), MAX_MODAL_WORD)),
    submit: plain(shorten(t('mailboxes:login.submit'), MAX_MODAL_WORD)),
    close: plain(shorten(t('mailboxes:button.cancel'), MAX_MODAL_WORD)),
    private_metadata: JSON.stringify(metadata satisfies z.infer<typeof loginMetadata>),
    blocks: [
      textInput({
        block: 'name',
        label: t('mailboxes:login.name'),
        hint: t('mailboxes:login.name_hint'),
        initial: mailbox?.name,
        maxLength: MAX_NAME,
      }),
      ...fieldsOf(data, t),
    ],
  } as View;
}

function fieldsOf(data: LoginFormData, t: Translate): Block[] {
  switch (data.kind) {
    case 'password':
      return passwordFields(data.mailbox, t);
    case 'google':
      return [
        ...presetLines(data.kind, t),
        accountInput(data.mailbox, t),
        googleInput(data.mailbox, t),
        ...beginningInputs(data.mailbox, t),
      ];
    case 'microsoft':
      return [
        ...presetLines(data.kind, t),
        accountInput(data.mailbox, t),
        ...microsoftInputs(data, t),
        ...beginningInputs(data.mailbox, t),
      ];
    default:
      return data.kind satisfies never;
  }
}

function passwordFields(mailbox: Mailbox | null, t: Translate): Block[] {
  const secret = (block: string, label: string, hint: string) => textInput({ block, label, hint, isOptional: true });
  const kept = mailbox?.secret ? t('mailboxes:login.password_kept') : t('mailboxes:login.password_hint');
  return [
    textInput({ block: 'user_name', label: t('mailboxes:login.user_name'), initial: mailbox?.userName, isOptional: true }),
    secret('password', t('mailboxes:login.password'), kept),
    section(`*${escape(t('mailboxes:login.reading'))}*`),
    ...placeInputs(
      'imap',
      mailbox ? { ...mailbox, host: mailbox.imapHost, port: mailbox.imapPort, security: mailbox.imapSecurity } : null,
      t,
    ),
    ...beginningInputs(mailbox, t),
    section(`*${escape(t('mailboxes:login.sending'))}*`),
    ...placeInputs(
      'smtp',
      mailbox ? { ...mailbox, host: mailbox.smtpHost, port: mailbox.smtpPort, security: mailbox.smtpSecurity } : null,
      t,
    ),
    textInput({
      block: 'smtp_user_name',
      label: t('mailboxes:login.smtp_user_name'),
      hint: t('mailboxes:login.smtp_login_hint'),
      initial: mailbox?.smtpUserName ?? undefined,
      isOptional: true,
    }),
    secret(
      'smtp_password',
      t('mailboxes:login.smtp_password'),
      mailbox?.smtpSecret ? t('mailboxes:login.password_kept') : t('mailboxes:login.smtp_login_hint'),
    ),
  ];
}

const USUAL = { imap: { port: 993, security: 'tls' }, smtp: { port: 587, security: 'starttls' } } as const;

function placeInputs(side: 'imap' | 'smtp', place: { host: string | null; port: number; security: string } | null, t: Translate): Block[] {
  return [
    textInput({
      block: `${side}_host`,
      label: t(`mailboxes:login.${side}_host`),
      hint: t(`mailboxes:login.${side}_host_hint`),
      placeholder: `${side}.example.com`,
      initial: place?.host ?? undefined,
      isOptional: true,
      maxLength: MAX_HOST,
    }),
    textInput({
      block: `${side}_port`,
      label: t('mailboxes:login.port'),
      hint: t(`mailboxes:login.${side}_port_hint`),
      initial: String(place?.port ?? USUAL[side].port),
      maxLength: 5,
    }),
    choice({
      block: `${side}_security`,
      label: t('mailboxes:login.security'),
      options: MAIL_SECURITIES.map((one) => ({ value: one, text: t(`mailboxes:security.${one}`) })),
      initial: place?.security ?? USUAL[side].security,
    }),
  ];
}

/** The first connection comes a few seconds after a new one is saved: asked later, it would be too late. */
function beginningInputs(mailbox: Mailbox | null, t: Translate): Block[] {
  return mailbox === null ? [folderInput('INBOX', t), importInput(0, t)] : [];
}

export function folderInput(folder: string, t: Translate): Block {
  return textInput({ block: 'folder', label: t('mailboxes:settings.folder'), hint: t('mailboxes:settings.folder_hint'), initial: folder });
}

export function importInput(days: number, t: Translate): Block {
  return textInput({
    block: 'import_days',
    label: t('mailboxes:settings.import_days'),
    hint: t('mailboxes:settings.import_days_hint'),
    initial: String(days),
    maxLength: MAX_DIGITS,
  });
}

function presetLines(kind: keyof typeof PRESETS, t: Translate): Block[] {
  const { imap, smtp } = PRESETS[kind];
  const places = { imap: `${imap.host}:${imap.port}`, smtp: `${smtp.host}:${smtp.port}` };
  return [section(escape(t(`mailboxes:login.about_${kind}`))), context([escape(t('mailboxes:login.preset', places))])];
}

function accountInput(mailbox: Mailbox | null, t: Translate): Block {
  return textInput({
    block: 'user_name',
    label: t('mailboxes:login.account'),
    placeholder: 'support@example.com',
    initial: mailbox?.userName,
  });
}

function googleInput(mailbox: Mailbox | null, t: Translate): Block {
  return textInput({
    block: 'credentials',
    label: t('mailboxes:login.google_json'),
    hint: mailbox?.secret ? t('mailboxes:login.password_kept') : t('mailboxes:login.google_json_hint'),
    isLong: true,
    isOptional: true,
  });
}

function microsoftInputs({ mailbox, client }: LoginFormData, t: Translate): Block[] {
  const kept = t('mailboxes:login.password_kept');
  return [
    textInput({
      block: 'tenant',
      label: t('mailboxes:login.tenant'),
      hint: t('mailboxes:login.tenant_hint'),
      initial: client?.tenant,
      isOptional: true,
    }),
    textInput({ block: 'client_id', label: t('mailboxes:login.client_id'), initial: client?.clientId, isOptional: true }),
    textInput({
      block: 'client_secret',
      label: t('mailboxes:login.client_secret'),
      hint: mailbox?.secret ? kept : t('mailboxes:login.client_secret_hint'),
      isOptional: true,
    }),
    textInput({
      block: 'refresh_token',
      label: t('mailboxes:login.refresh_token'),
      hint: t('mailboxes:login.refresh_token_hint'),
      isLong: true,
      isOptional: true,
    }),
  ];
}
