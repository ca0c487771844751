import { MAILBOX_AUTHS } from '#db/words.ts';
import { addressView } from '#modals/address.ts';
import { loginView } from '#modals/mailbox-login.ts';
import { credentialsOf, mustBeThere } from '#modals/mailbox-login-submit.ts';
import { settingsView } from '#modals/mailbox-settings.ts';
import { Failure } from '#failure.ts';
import type { Action, Caller, Clicked } from '#slack/doors.ts';
import { groupNames } from '#slack/home/gather-admin.ts';
import { type Address, addressById } from '#tickets/addresses.ts';
import { allMailboxes, isGone } from '#tickets/mailboxes.ts';
import { mustBeAdmin } from '#tickets/roles.ts';
import { stateOf } from './home-again.ts';
import { openModal, updateModal } from './modal.ts';

/** The form of a new mailbox, of the kind the button names. */
export const addMailboxForm: Action = async (click) => {
  await mustBeAdmin(click.desk.db, click.person.id);
  const kind = MAILBOX_AUTHS.find((one) => one === click.value) ?? 'password';
  await openModal(click.slack, click.triggerId, loginView({ kind, mailbox: null, client: null, home: stateOf(click) }, click.t));
};

/** From Home, or in the place of what a test has told. */
export const editLoginForm: Action = async (click) => {
  const { desk, slack, t } = click;
  await mustBeAdmin(desk.db, click.person.id);
  const mailbox = await mustBeThere(desk, Number(click.value));
  if (mailbox.isFromEnvironment) throw new Failure('mailbox.of_environment');
  const known = mailbox.auth === 'microsoft' ? credentialsOf(desk, mailbox) : null;
  const client = known && 'tenant' in known ? { tenant: known.tenant, clientId: known.clientId } : null;
  const view = loginView({ kind: mailbox.auth, mailbox, client, home: stateOf(click) }, t);
  if (click.view && click.view.callbackId !== 'home') await updateModal(slack, click.view.id, view, click.view.hash);
  else await openModal(slack, click.triggerId, view);
};

export const editSettingsForm: Action = async (click) => {
  await mustBeAdmin(click.desk.db, click.person.id);
  const mailbox = await mustBeThere(click.desk, Number(click.value));
  await openModal(click.slack, click.triggerId, settingsView({ mailbox, home: stateOf(click) }, click.t));
};

export const addAddressForm: Action = (click) => openAddress(click, null);

export const editAddressForm: Action = async (click) => {
  const address = await addressById(click.desk.db, Number(click.value));
  if (!address) throw new Failure('address.gone');
  await openAddress(click, address);
};

async function openAddress(click: Caller & Clicked, address: Address | null): Promise<void> {
  const { desk, slack, t } = click;
  await mustBeAdmin(desk.db, click.person.id);
  const sending = (await allMailboxes(desk.db)).filter((one) => !isGone(one) && !one.isFromEnvironment && one.smtpHost !== null);
  const mailboxes = new Map(sending.map(({ id, name }) => [id, name]));
  await openModal(slack, click.triggerId, addressView({ address, groups: await groupNames(desk.db), mailboxes, home: stateOf(click) }, t));
}
