import { tryLogin } from '#mail/try-login.ts';
import { mustBeThere, showTried } from '#modals/mailbox-login-submit.ts';
import { testingView, triedView } from '#modals/mailbox-tried.ts';
import type { Action } from '#slack/doors.ts';
import { mustBeAdmin } from '#tickets/roles.ts';
import { stateOf } from './home-again.ts';
import { openAndFill, updateModal } from './modal.ts';

/** "Testing…" is there at once; what came of it takes its place. */
export const testMailbox: Action = async (click) => {
  const { desk, slack, t, view } = click;
  await mustBeAdmin(desk.db, click.person.id);
  const mailbox = await mustBeThere(desk, Number(click.value));
  const home = stateOf(click);
  if (!view || view.callbackId === 'home')
    return openAndFill(click, testingView({ mailbox, home }, t), async () =>
      triedView({ mailbox, tried: await tryLogin(desk, mailbox), home }, t),
    );
  await updateModal(slack, view.id, testingView({ mailbox, home }, t));
  await showTried(click, { viewId: view.id, mailbox, home });
};
