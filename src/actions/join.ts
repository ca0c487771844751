import { section } from '#slack/card.ts';
import type { Action } from '#slack/doors.ts';
import { escape } from '#slack/mrkdwn.ts';
import { postByKey, updatePost } from '#slack/posts.ts';
import { tell } from '#slack/tell.ts';
import { translator } from '#i18n.ts';
import { slackUser } from '#slack/users.ts';
import { identitiesOf } from '#tickets/people.ts';
import { acceptRequest, markAsked, team } from '#tickets/roles.ts';

/** *Ask to join*: every admin gets one message with the button that accepts. */
export const askToJoin: Action = async (click) => {
  const { desk, slack, person, t } = click;
  if (person.role !== 'none') return click.whisper({ text: t('failures:join.have_role') });
  const askedAt = (await markAsked(desk, person.id)).getTime();
  const admins = (await team(desk.db)).filter((one) => one.role === 'admin' && one.slackId);
  for (const admin of admins) {
    const words = translator((await slackUser(desk, slack, admin.slackId ?? '')).locale);
    const button = {
      type: 'button',
      action_id: 'join.accept',
      style: 'primary',
      value: `${person.id}:${askedAt}`,
      text: { type: 'plain_text', text: words('slack:button.accept') },
    };
    const params = { name: escape(person.name) };
    await tell(desk, slack, {
      key: `join:${person.id}:${askedAt}`,
      userId: admin.slackId ?? '',
      ticketId: null,
      text: 'slack:hint.join_request',
      params,
      blocks: [section(words('slack:hint.join_request', params)), { type: 'actions', elements: [button] }],
    });
  }
  return click.whisper({ text: t('slack:hint.asked') });
};

export const acceptToJoin: Action = async (click) => {
  const { desk, slack, person, value, t, whisper } = click;
  const [personId = 0, askedAt = 0] = value.split(':').map(Number);
  const joined = await acceptRequest(desk, { personId, askedAt }, person.id);
  const slackId = (await identitiesOf(desk.db, [joined.id])).find((identity) => identity.kind === 'slack')?.value;
  if (slackId)
    await tell(desk, slack, { key: `joined:${joined.id}:${askedAt}`, userId: slackId, ticketId: null, text: 'slack:hint.joined' });
  const text = t('commands:agent.done_add', { name: escape(joined.name) });
  const post = await postByKey(desk.db, `tell:join:${joined.id}:${askedAt}:${click.user.id}`);
  if (post?.state === 'posted') await updatePost(desk, slack, { post, lane: 'answer', message: { text, blocks: [section(text)] } });
  else await whisper({ text });
};
