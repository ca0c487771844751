import { Failure } from '#failure.ts';
import { firingsView, MAX_FIRINGS } from '#modals/rule-firings.ts';
import { lastFirings, ruleById } from '#rules/edit.ts';
import type { Action } from '#slack/doors.ts';
import { ruleName } from '#slack/home/rule-words.ts';
import { ticketName } from '#tickets/find.ts';
import { mustBeAdmin } from '#tickets/roles.ts';
import { openModal } from './modal.ts';

export const showFirings: Action = async (click) => {
  const { desk, t } = click;
  await mustBeAdmin(desk.db, click.person.id);
  const row = await ruleById(desk.db, Number(click.value));
  if (!row) throw new Failure('rule.gone');
  const firings = (await lastFirings(desk.db, row.id, MAX_FIRINGS)).map(({ number, ...firing }) => ({
    ...firing,
    ticket: number === null ? null : ticketName(desk.settings, { number }),
  }));
  await openModal(click.slack, click.triggerId, firingsView({ rule: ruleName(row, t), firings }, t));
};
