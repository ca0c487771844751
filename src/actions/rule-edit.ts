import { Failure } from '#failure.ts';
import { ruleView } from '#modals/rule.ts';
import { ruleById } from '#rules/edit.ts';
import type { Action } from '#slack/doors.ts';
import { groupNames } from '#slack/home/gather-admin.ts';
import { noteLook } from '#tickets/guide.ts';
import { mustBeAdmin } from '#tickets/roles.ts';
import { stateOf } from './home-again.ts';
import { openModal } from './modal.ts';

export const editRule: Action = async (click) => {
  const { desk } = click;
  await mustBeAdmin(desk.db, click.person.id);
  const row = await ruleById(desk.db, Number(click.value));
  if (!row) throw new Failure('rule.gone');
  await openModal(click.slack, click.triggerId, ruleView({ row, groups: await groupNames(desk.db), home: stateOf(click) }, click.t));
  await noteLook(desk, 'rules', click.person.id);
};
