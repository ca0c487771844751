import { updateModal } from '#actions/modal.ts';
import type { MailboxAuth } from '#db/words.ts';
import { Failure } from '#failure.ts';
import { type Grant, readGrant } from '#mail/oauth-grant.ts';
import { tryLogin } from '#mail/try-login.ts';
import type { Caller, Modal } from '#slack/doors.ts';
import { homeWish } from '#slack/jobs/home.ts';
import { type HomeState, readState } from '#slack/home/state.ts';
import { wordsView } from '#slack/words-view.ts';
import { addMailbox } from '#tickets/add-mailbox.ts';
import { change, type Desk, queue } from '#tickets/desk.ts';
import { isGone, type Mailbox, mailboxById, sealedFor } from '#tickets/mailboxes.ts';
import { mustBeAdmin } from '#tickets/roles.ts';
import { saveMailboxLogin } from '#tickets/save-mailbox-login.ts';
import { loginMetadata, MAILBOX_LOGIN } from './mailbox-login.ts';
import { parseLogin } from './mailbox-login-parse.ts';
import { PRESETS } from './mailbox-presets.ts';
import { testingView, triedView } from './mailbox-tried.ts';

/** Saved first, then tried: what is wrong with it is read in the same modal, and mended there. */
export const mailboxLoginModal: Modal = {
  id: MAILBOX_LOGIN,
  fields: {
    'mailbox.name_taken': 'name',
    'mailbox.password_again': 'password',
    'mailbox.smtp_password_again': 'smtp_password',
  },
  async submit(caller) {
    const { desk, person, user, t, metadata: text, state, viewId } = caller;
    await mustBeAdmin(desk.db, person.id);
    const { mailboxId, version, kind, home: homeText } = loginMetadata.parse(JSON.parse(text));
    const before = mailboxId === null ? null : await mustBeThere(desk, mailboxId);
    const parsed = parseLogin(state, { kind, before, credentials: before ? credentialsOf(desk, before) : null });
    if ('errors' in parsed) return { errors: Object.fromEntries(Object.entries(parsed.errors).map(([block, key]) => [block, t(key)])) };
    const { login, beginning } = parsed;
    const mailbox = before
      ? await saveMailboxLogin(desk, { mailboxId: before.id, version, byId: person.id, login })
      : await addMailbox(desk, { login, ...beginning, ...knownOf(kind) }, person.id);
    const home = readState(homeText);
    await change(desk, 'home after login', (tx, desk) => queue(desk, tx, homeWish(desk, user.id, home)));
    return { update: testingView({ mailbox, home }, t), after: () => showTried(caller, { viewId, mailbox, home }) };
  },
};

function knownOf(kind: MailboxAuth): { trustedAuthservIds: string[]; smtpPerMinute: number | null } {
  if (kind === 'password') return { trustedAuthservIds: [], smtpPerMinute: null };
  const { trustedAuthservIds, smtpPerMinute } = PRESETS[kind];
  return { trustedAuthservIds, smtpPerMinute };
}

export async function mustBeThere(desk: Desk, mailboxId: number): Promise<Mailbox> {
  const mailbox = await mailboxById(desk.db, mailboxId);
  if (!mailbox || isGone(mailbox)) throw new Failure('mailbox.gone');
  return mailbox;
}

/** Null where nothing is sealed, or nobody can open it any more. */
export function credentialsOf(desk: Desk, { id, secret }: Mailbox): Grant | null {
  if (secret === null) return null;
  try {
    return readGrant(desk.seal.open(sealedFor('secret', id), secret));
  } catch (error) {
    desk.log.warn({ error, mailbox: id }, 'The login of a mailbox can not be opened; it has to be given anew.');
    return null;
  }
}

/** Takes the place of "Testing…"; whoever closed that finds the state in Home. */
export async function showTried(
  { desk, slack, t }: Pick<Caller, 'desk' | 'slack' | 't'>,
  { viewId, mailbox, home }: { viewId: string; mailbox: Mailbox; home: HomeState },
): Promise<void> {
  try {
    await updateModal(slack, viewId, triedView({ mailbox, tried: await tryLogin(desk, mailbox), home }, t));
  } catch (error) {
    desk.log.error({ error, mailbox: mailbox.id }, 'A login could not be tried.');
    await updateModal(slack, viewId, wordsView(t('failures:internal'), t('mailboxes:test.close')));
  }
}
