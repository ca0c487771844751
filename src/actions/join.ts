import { section } from '#slack/card.ts';
import type { Action } from '#slack/doors.ts';
import { escape } from '#slack/mrkdwn.ts';
import { tell } from '#slack/tell.ts';
import { translator } from '#i18n.ts';
import { slackUser } from '#slack/users.ts';
import { identitiesOf } from '#tickets/people.ts';
import { markAsked, setRole, team } from '#tickets/roles.ts';

/** *Ask to join*: every admin gets one message with the button that accepts. */
export const askToJoin: Action = async (click) => {
  const { desk, slack, person, t } = click;
  if (person.role !== 'none') return;
  await markAsked(desk, person.id);
  const admins = (await team(desk.db)).filter((one) => one.role === 'admin' && one.slackId);
  for (const admin of admins) {
    const words = translator((await slackUser(desk, slack, admin.slackId ?? '')).locale);
    const text = words('slack:hint.join_request', { name: escape(person.name) });
    const button = {
      type: 'button',
      action_id: 'join.accept',
      style: 'primary',
      value: String(person.id),
      text: { type: 'plain_text', text: words('slack:button.accept') },
    };
    await tell(desk, slack, {
      key: `join:${person.id}:${person.askedToJoinAt?.getTime() ?? 0}`,
      userId: admin.slackId ?? '',
      ticketId: null,
      text: 'slack:hint.join_request',
      params: { name: escape(person.name) },
      blocks: [section(text), { type: 'actions', elements: [button] }],
    });
  }
  await click.whisper({ text: t('slack:hint.asked') });
};

export const acceptToJoin: Action = async ({ desk, slack, person, value, t, whisper }) => {
  const joined = await setRole(desk, Number(value), 'agent', person.id);
  const slackId = (await identitiesOf(desk.db, [joined.id])).find((identity) => identity.kind === 'slack')?.value;
  if (slackId) await tell(desk, slack, { key: `joined:${joined.id}`, userId: slackId, ticketId: null, text: 'slack:hint.joined' });
  await whisper({ text: t('commands:agent.done_add', { name: escape(joined.name) }) });
};
