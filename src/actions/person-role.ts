import { type Role, ROLES } from '#db/words.ts';
import { Failure } from '#failure.ts';
import type { Caller } from '#slack/doors.ts';
import { homeWish } from '#slack/jobs/home.ts';
import { tell } from '#slack/tell.ts';
import { change, type Desk, queue } from '#tickets/desk.ts';
import { identitiesOf, isAgent, type Person, personById } from '#tickets/people.ts';
import { mustBeAdmin, setRole } from '#tickets/roles.ts';
import { thenHome } from './home-again.ts';

interface RoleChange {
  personId: number;
  /** The role the admin saw. */
  from: Role;
  to: Role;
  byId: number;
}

/** `id:from:to`, as the menu's options say it. */
export const changeRole = thenHome(async (click) => {
  const [id, ...words] = click.value.split(':');
  const [from, to] = words.map((word) => ROLES.find((role) => role === word));
  if (!from || !to) throw new Failure('person.gone');
  await giveRole(click, { personId: Number(id), from, to, byId: click.person.id });
});

/** Tells whoever may answer customers from now on, and shows them the Home that goes with it. */
export async function giveRole(click: Caller & { triggerId: string }, wanted: RoleChange): Promise<void> {
  const { desk, slack } = click;
  const person = await changeSeen(desk, wanted);
  const identities = await identitiesOf(desk.db, [person.id]);
  const slackId = identities.find((identity) => identity.kind === 'slack')?.value;
  if (!slackId || wanted.from === wanted.to) return;
  await change(desk, 'home of a person', (tx, desk) => queue(desk, tx, homeWish(desk, slackId)));
  const isNewAgent = isAgent({ role: wanted.to }) && !isAgent({ role: wanted.from });
  if (isNewAgent)
    await tell(desk, slack, { key: `joined:${person.id}:${click.triggerId}`, userId: slackId, ticketId: null, text: 'slack:hint.joined' });
}

/** Refused when another admin gave another role since. */
function changeSeen(desk: Desk, { personId, from, to, byId }: RoleChange): Promise<Person> {
  return change(desk, 'role in home', async (tx, desk) => {
    await mustBeAdmin(tx, byId);
    const person = await personById(tx, personId);
    if (!person) throw new Failure('person.gone');
    if (person.role !== from && person.role !== to) throw new Failure('role.changed_meanwhile');
    return setRole(desk, personId, to, byId);
  });
}
