import { Failure } from '#failure.ts';
import { failureText } from '#i18n.ts';
import type { Action } from '#slack/doors.ts';
import { escape } from '#slack/mrkdwn.ts';
import { wordsView } from '#slack/words-view.ts';
import { removeAddress } from '#tickets/remove-address.ts';
import { removeMailbox } from '#tickets/remove-mailbox.ts';
import { resumeMailbox } from '#tickets/resume-mailbox.ts';
import { switchMailbox } from '#tickets/switch-mailbox.ts';
import { trustMailServer } from '#tickets/trust-mail-server.ts';
import { showHome, stateOf, thenHome } from './home-again.ts';
import { updateModal } from './modal.ts';

/** `id:version`, of the mailbox the admin saw. */
function seenIn(value: string): { mailboxId: number; version: number } {
  const [mailboxId = Number.NaN, version = Number.NaN] = value.split(':').map(Number);
  return { mailboxId, version };
}

export const switchMailboxHere = thenHome(async ({ desk, person, value }) => {
  await switchMailbox(desk, { ...seenIn(value), byId: person.id });
});

export const removeMailboxHere = thenHome(async ({ desk, person, value }) => {
  await removeMailbox(desk, { ...seenIn(value), byId: person.id });
});

export const resumeMailboxHere = thenHome(({ desk, person, value }) => resumeMailbox(desk, Number(value), person.id));

/** `id:mark` */
export const removeAddressHere = thenHome(async ({ desk, person, value }) => {
  const [id, mark = ''] = value.split(':');
  await removeAddress(desk, { addressId: Number(id), mark }, person.id);
});

/** `id:version:server`, under what a test has told; its answer takes that place. */
export const trustServerHere: Action = async (click) => {
  const { desk, slack, person, value, view, t } = click;
  const server = value.split(':').slice(2).join(':');
  const said = await trustMailServer(desk, { ...seenIn(value), byId: person.id, server }).then(
    () => t('mailboxes:test.trusted', { server }),
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      return failureText(t, error);
    },
  );
  if (view) await updateModal(slack, view.id, wordsView(escape(said), t('mailboxes:test.close')));
  await showHome(click, stateOf(click));
};
