import { Failure } from '#failure.ts';
import { loadingView } from '#modals/details.ts';
import { nothingToTell, whyView } from '#modals/why.ts';
import type { Shortcut } from '#slack/doors.ts';
import { whyOf } from '#slack/why.ts';
import { openAndFill } from './modal.ts';

/** *Why?* on any message: the team may ask it of everything Tiketti did or decided. */
export const why: Shortcut = {
  type: 'message',
  async run(click) {
    const { desk, slack, message, person, t } = click;
    if (person.role === 'none') throw new Failure('role.agent_only');
    if (!message) return;
    await openAndFill(click, loadingView(t), async () => {
      const facts = await whyOf(desk, slack, message);
      return facts ? whyView(facts, t) : nothingToTell(t);
    });
  },
};
