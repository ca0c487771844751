import { Failure } from '#failure.ts';
import { pageOfPerson } from '#slack/home/gather-admin.ts';
import { withPage } from '#slack/home/state.ts';
import { personOfUser } from '#slack/users.ts';
import { mustBeAdmin } from '#tickets/roles.ts';
import { stateOf, thenHome } from './home-again.ts';
import { giveRole } from './person-role.ts';

/** Whoever is picked becomes an agent; who has a role already keeps it. Their page is shown. */
export const addPerson = thenHome(async (click) => {
  const { desk, slack, value } = click;
  await mustBeAdmin(desk.db, click.person.id);
  const found = await personOfUser(desk, slack, value);
  if (!found) throw new Failure('role.members_only');
  if (found.person.role === 'none') await giveRole(click, { personId: found.person.id, from: 'none', to: 'agent', byId: click.person.id });
  return withPage(stateOf(click), `people:${await pageOfPerson(desk.db, found.person.id)}`);
});
