import { Failure } from '#failure.ts';
import { ruleById, saveRule } from '#rules/edit.ts';
import { readTrigger } from '#rules/rule.ts';
import { mustBeAdmin } from '#tickets/roles.ts';
import { thenHome } from './home-again.ts';

/** Turns the rule the admin saw, at the version they saw: `id:version`. */
export const switchRule = thenHome(async ({ desk, person, value }) => {
  await mustBeAdmin(desk.db, person.id);
  const [ruleId = Number.NaN, version = Number.NaN] = value.split(':').map(Number);
  const row = await ruleById(desk.db, ruleId);
  if (!row) throw new Failure('rule.gone');
  await saveRule(desk, { ruleId, version, rule: { ...readTrigger(row), isEnabled: !row.isEnabled }, byId: person.id });
});
