import { Failure } from '#failure.ts';
import { inEveryLanguage } from '#i18n.ts';
import type { Subcommand } from '#slack/doors.ts';
import { escape } from '#slack/mrkdwn.ts';
import { tell } from '#slack/tell.ts';
import { personOfUser } from '#slack/users.ts';
import { addAgent, setRole } from '#tickets/roles.ts';
import { words } from './say.ts';
import { mentionedUser, splitFirst } from './ticket-argument.ts';

/** `agent add @x`, `agent remove @x`: admins only, checked when it is done. */
export const agent: Subcommand = {
  verb: 'agent',
  async run(caller) {
    const [verb, who] = splitFirst(caller.text);
    const act = actNamed(verb);
    const userId = mentionedUser(who);
    if (!act || !userId) throw new Failure('agent.how');
    const found = await personOfUser(caller.desk, caller.slack, userId);
    if (!found) throw new Failure('role.members_only');
    const name = escape(found.person.name);
    if (act === 'remove') await setRole(caller.desk, found.person.id, 'none', caller.person.id);
    else if (await addAgent(caller.desk, found.person.id, caller.person.id))
      await tell(caller.desk, caller.slack, {
        key: `joined:${found.person.id}:${caller.triggerId}`,
        userId,
        ticketId: null,
        text: 'slack:hint.joined',
      });
    else return words(caller.t('commands:agent.already', { name }));
    return words(caller.t(`commands:agent.done_${act}`, { name }));
  },
};

function actNamed(word: string): 'add' | 'remove' | undefined {
  const plain = word.toLowerCase();
  return (['add', 'remove'] as const).find((one) => inEveryLanguage(`commands:agent.${one}`).some(({ text }) => text === plain));
}
