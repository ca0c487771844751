import { discardMail, releaseMail } from '#mail/quarantine.ts';
import type { Action } from '#slack/doors.ts';
import { withPage, withTab } from '#slack/home/state.ts';
import { mustBeAdmin } from '#tickets/roles.ts';
import { guideActions } from './guide.ts';
import { showHome, stateOf, thenHome } from './home-again.ts';
import { removeAddressHere, removeMailboxHere, resumeMailboxHere, switchMailboxHere, trustServerHere } from './mailbox-change.ts';
import { addAddressForm, addMailboxForm, editAddressForm, editLoginForm, editSettingsForm } from './mailbox-open.ts';
import { testMailbox } from './mailbox-test.ts';
import { addPerson } from './person-add.ts';
import { changeRole } from './person-role.ts';
import { editRule } from './rule-edit.ts';
import { showFirings } from './rule-firings.ts';
import { switchRule } from './rule-switch.ts';

/** Everything that can be clicked in Home and stands nowhere else. */
export const homeActions: Record<string, Action> = {
  'home.tab': thenHome(async (click) => {
    await mustBeAdmin(click.desk.db, click.person.id);
    return withTab(stateOf(click), click.value);
  }),
  'home.page': (click) => showHome(click, withPage(stateOf(click), click.value)),
  'mail.release': thenHome(async (click) => releaseMail(click.desk, Number(click.value), click.person.id)),
  'mail.discard': thenHome(async (click) => discardMail(click.desk, Number(click.value), click.person.id)),
  'rule.edit': editRule,
  'rule.switch': switchRule,
  'rule.firings': showFirings,
  'mailbox.add': addMailboxForm,
  'mailbox.login': editLoginForm,
  'mailbox.settings': editSettingsForm,
  'mailbox.test': testMailbox,
  'mailbox.trust': trustServerHere,
  'mailbox.switch': switchMailboxHere,
  'mailbox.remove': removeMailboxHere,
  'mailbox.resume': resumeMailboxHere,
  'address.add': addAddressForm,
  'address.edit': editAddressForm,
  'address.remove': removeAddressHere,
  ...guideActions,
  'person.role': changeRole,
  'person.add': addPerson,
};
