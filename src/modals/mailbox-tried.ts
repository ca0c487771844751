import type { View } from '@slack/types';
import type { Translate } from '#i18n.ts';
import type { Tried } from '#mail/try-login.ts';
import { section } from '#slack/card.ts';
import { buttons, lines } from '#slack/home/parts.ts';
import { type HomeState, stateText } from '#slack/home/state.ts';
import { bold, code, escape, shorten } from '#slack/mrkdwn.ts';
import type { Block } from '#slack/slack.ts';
import type { Mailbox } from '#tickets/mailboxes.ts';
import { plain } from './fields.ts';
import { MAX_MODAL_WORD } from './mailbox-login.ts';

export interface TriedData {
  mailbox: Mailbox;
  tried: Tried;
  home: HomeState;
}

const MAX_NAME = 100;
const MAX_WORDS = 600;
const NEARLY_FULL_PERCENT = 90;

type Named = Pick<TriedData, 'mailbox' | 'home'>;

/** Shown while both servers are asked. */
export function testingView({ mailbox, home }: Named, t: Translate): View {
  return frame({ mailbox, home }, [section(`⏳ ${escape(t('mailboxes:test.running'))}`)], t);
}

/** What came of it, and what to do about it: pure. */
export function triedView({ mailbox, tried, home }: TriedData, t: Translate): View {
  const isRefused = [tried.imap, tried.smtp].some((side) => side !== null && 'trouble' in side);
  const edit = { action: 'mailbox.login', label: t('mailboxes:button.login'), value: String(mailbox.id) };
  const blocks = [...imapBlocks(mailbox, tried.imap, t), ...smtpBlocks(tried.smtp, t), ...trustBlocks(mailbox, tried.imap, t)];
  const again = { action: 'mailbox.test', label: t('mailboxes:button.test_again'), value: String(mailbox.id) };
  const next = [...(isRefused ? [again] : []), ...(mailbox.isFromEnvironment ? [] : [edit])];
  return frame({ mailbox, home }, [...blocks, ...(next.length > 0 ? [buttons('mailbox.next', next)] : [])], t);
}

function frame({ mailbox, home }: Named, blocks: Block[], t: Translate): View {
  return {
    type: 'modal',
    title: plain(shorten(t('mailboxes:test.title'), MAX_MODAL_WORD)),
    close: plain(shorten(t('mailboxes:test.close'), MAX_MODAL_WORD)),
    private_metadata: stateText(home),
    blocks: [section(bold(escape(shorten(mailbox.name, MAX_NAME)))), ...blocks],
  } as View;
}

function imapBlocks({ folder }: Mailbox, imap: Tried['imap'], t: Translate): Block[] {
  if (!imap) return [section(`➖ ${escape(t('mailboxes:test.imap_none'))}`)];
  if ('trouble' in imap) return [troubleBlock(t('mailboxes:test.imap_failed'), imap.trouble, t)];
  const { mails, folders, hasIdle, percentFull } = imap.ok;
  const full = percentFull === null ? [] : [fullWords(percentFull, t)];
  return [
    lines([
      `✅ ${bold(escape(t('mailboxes:test.imap_ok')))}`,
      escape(t('mailboxes:test.mails', { count: mails, folder: shorten(folder, MAX_NAME) })),
      escape(t('mailboxes:test.folders', { count: folders })),
      escape(t(hasIdle ? 'mailboxes:test.idle' : 'mailboxes:test.no_idle')),
      ...full,
    ]),
  ];
}

function fullWords(percent: number, t: Translate): string {
  return `${percent >= NEARLY_FULL_PERCENT ? '⚠️ ' : ''}${escape(t('mailboxes:test.full', { percent }))}`;
}

function smtpBlocks(smtp: Tried['smtp'], t: Translate): Block[] {
  if (!smtp) return [section(`➖ ${escape(t('mailboxes:test.smtp_none'))}`)];
  if ('trouble' in smtp) return [troubleBlock(t('mailboxes:test.smtp_failed'), smtp.trouble, t)];
  return [lines([`✅ ${bold(escape(t('mailboxes:test.smtp_ok')))}`, escape(t('mailboxes:test.smtp_ok_more'))])];
}

function troubleBlock(title: string, { key, params }: { key: string; params?: Record<string, string | number> }, t: Translate): Block {
  return lines([`❌ ${bold(escape(title))}`, escape(shorten(t(`mailboxes:trouble.${key}`, params), MAX_WORDS))]);
}

/** Whose word of a mail's origin may be believed is for a person to say: the name may have come with the mail. */
function trustBlocks({ id, version, isFromEnvironment, trustedAuthservIds }: Mailbox, imap: Tried['imap'], t: Translate): Block[] {
  const server = imap && 'ok' in imap ? imap.ok.authservId : null;
  if (server === null || trustedAuthservIds.includes(server)) return [];
  const asked = section(`🛡️ ${escape(t('mailboxes:test.trust', { server: shorten(server, MAX_NAME) }))}`);
  if (isFromEnvironment)
    return [asked, section(`${escape(t('mailboxes:test.trust_environment'))} ${code(escape(`MAIL_TRUSTED_SERVERS=${server}`))}`)];
  return [
    asked,
    buttons('mailbox.trust', [{ action: 'mailbox.trust', label: t('mailboxes:button.trust'), value: `${id}:${version}:${server}` }]),
  ];
}
