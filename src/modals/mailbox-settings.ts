import type { View } from '@slack/types';
import { z } from 'zod';
import { AFTERWARDS } from '#db/words.ts';
import type { Translate } from '#i18n.ts';
import { context, section } from '#slack/card.ts';
import type { Modal } from '#slack/doors.ts';
import { type HomeState, readState, stateText } from '#slack/home/state.ts';
import { homeWish } from '#slack/jobs/home.ts';
import { bold, escape, shorten } from '#slack/mrkdwn.ts';
import type { Block } from '#slack/slack.ts';
import { change, queue } from '#tickets/desk.ts';
import type { Mailbox } from '#tickets/mailboxes.ts';
import { mustBeAdmin } from '#tickets/roles.ts';
import { saveMailboxSettings } from '#tickets/save-mailbox-settings.ts';
import { checkbox, choice, plain, textInput } from './fields.ts';
import { folderInput, importInput, MAX_MODAL_WORD } from './mailbox-login.ts';
import { mustBeThere } from './mailbox-login-submit.ts';
import { parseSettings } from './mailbox-settings-parse.ts';

export const MAILBOX_SETTINGS = 'mailbox.settings';
const MAX_NAME = 100;

const metadata = z.object({ mailboxId: z.number().int(), version: z.number().int(), home: z.string() });

/** What is done with the mail of a mailbox. */
export function settingsView({ mailbox, home }: { mailbox: Mailbox; home: HomeState }, t: Translate): View {
  const { id, version, name } = mailbox;
  return {
    type: 'modal',
    callback_id: MAILBOX_SETTINGS,
    title: plain(shorten(t('mailboxes:settings.title'), MAX_MODAL_WORD)),
    submit: plain(shorten(t('mailboxes:settings.submit'), MAX_MODAL_WORD)),
    close: plain(shorten(t('mailboxes:button.cancel'), MAX_MODAL_WORD)),
    private_metadata: JSON.stringify({ mailboxId: id, version, home: stateText(home) } satisfies z.infer<typeof metadata>),
    blocks: [
      section(bold(escape(shorten(name, MAX_NAME)))),
      ...(mailbox.imapHost === null ? [] : readingInputs(mailbox, t)),
      ...trustInputs(mailbox, t),
      ...(mailbox.smtpHost === null ? [] : sendingInputs(mailbox, t)),
    ],
  } as View;
}

export const mailboxSettingsModal: Modal = {
  id: MAILBOX_SETTINGS,
  async submit({ desk, person, user, t, metadata: text, state }) {
    await mustBeAdmin(desk.db, person.id);
    const { mailboxId, version, home } = metadata.parse(JSON.parse(text));
    const before = await mustBeThere(desk, mailboxId);
    const parsed = parseSettings(state, before);
    if ('errors' in parsed) return { errors: Object.fromEntries(Object.entries(parsed.errors).map(([block, key]) => [block, t(key)])) };
    await saveMailboxSettings(desk, { mailboxId, version, byId: person.id, settings: parsed.settings });
    await change(desk, 'home after settings', (tx, desk) => queue(desk, tx, homeWish(desk, user.id, readState(home))));
    return undefined;
  },
};

function readingInputs(mailbox: Mailbox, t: Translate): Block[] {
  const { folder, isFromEnvironment, afterwards, afterwardsFolder, lastUid, importDays } = mailbox;
  return [
    ...(isFromEnvironment ? [context([escape(t('mailboxes:settings.environment'))])] : [folderInput(folder, t)]),
    choice({
      block: 'afterwards',
      label: t('mailboxes:settings.afterwards'),
      options: AFTERWARDS.map((one) => ({ value: one, text: t(`mailboxes:afterwards.${one}`) })),
      initial: afterwards,
    }),
    textInput({
      block: 'afterwards_folder',
      label: t('mailboxes:settings.afterwards_folder'),
      hint: t('mailboxes:settings.afterwards_folder_hint'),
      initial: afterwardsFolder ?? undefined,
      isOptional: true,
    }),
    ...(lastUid === null ? [importInput(importDays, t)] : []),
  ];
}

function trustInputs({ isFromEnvironment, trustedAuthservIds, areInternalSendersAuthenticated }: Mailbox, t: Translate): Block[] {
  return [
    ...(isFromEnvironment
      ? []
      : [
          textInput({
            block: 'trusted',
            label: t('mailboxes:settings.trusted'),
            hint: t('mailboxes:settings.trusted_hint'),
            initial: trustedAuthservIds.join(', '),
            isOptional: true,
            maxLength: 1_000,
          }),
        ]),
    checkbox({
      block: 'internal',
      label: t('mailboxes:settings.internal'),
      text: t('mailboxes:settings.internal_text'),
      hint: t('mailboxes:settings.internal_hint'),
      isTicked: areInternalSendersAuthenticated,
    }),
  ];
}

function sendingInputs(mailbox: Mailbox, t: Translate): Block[] {
  const { imapHost, keepsSentCopies, sentFolder, smtpPerMinute, dkimDomain, dkimSelector, dkimKey } = mailbox;
  const optional = (block: string, initial: string | null, hint: string) =>
    textInput({ block, label: t(`mailboxes:settings.${block}`), hint, initial: initial ?? undefined, isOptional: true });
  return [
    ...(imapHost === null
      ? []
      : [
          checkbox({
            block: 'copies',
            label: t('mailboxes:settings.copies'),
            text: t('mailboxes:settings.copies_text'),
            hint: t('mailboxes:settings.copies_hint'),
            isTicked: keepsSentCopies,
          }),
          optional('sent_folder', sentFolder, t('mailboxes:settings.sent_folder_hint')),
        ]),
    optional('per_minute', smtpPerMinute === null ? null : String(smtpPerMinute), t('mailboxes:settings.per_minute_hint')),
    optional('dkim_domain', dkimDomain, t('mailboxes:settings.dkim_domain_hint')),
    optional('dkim_selector', dkimSelector, t('mailboxes:settings.dkim_selector_hint')),
    textInput({
      block: 'dkim_key',
      label: t('mailboxes:settings.dkim_key'),
      hint: dkimKey ? t('mailboxes:login.password_kept') : t('mailboxes:settings.dkim_key_hint'),
      isLong: true,
      isOptional: true,
    }),
  ];
}
