import { blankView, createView } from '#modals/create.ts';
import { candidateFor, dataFor, type Known, newCandidate, personCandidate } from '#modals/create-data.ts';
import { blockOf, chosenText, valueIn } from '#modals/fields.ts';
import { readMetadata } from '#modals/create.ts';
import { translator } from '#i18n.ts';
import type { Action, Doors, Options } from '#slack/doors.ts';
import { wordsView } from '#slack/words-view.ts';
import { shorten, unescape } from '#slack/mrkdwn.ts';
import { verbOf } from '#slack/replies/command.ts';
import { personOfUser, rememberedUser } from '#slack/users.ts';
import { searchPeople } from '#tickets/search.ts';
import { splitFirst } from '#commands/ticket-argument.ts';
import { openAndFill, openModal, updateModal } from './modal.ts';

const MAX_OPTIONS = 20;

/** `/ticket create …`: the modal opens before anything is asked of the database; what is known comes a moment later. */
export const instantCreate: Doors['instant'] = async (desk, slack, typed) => {
  const [word, rest] = splitFirst(typed.text);
  if (verbOf(word) !== 'create') return false;
  const t = translator(rememberedUser(typed.userId)?.locale);
  const known = { openedAt: desk.clock.now().getTime(), responseUrl: typed.responseUrl };
  const opened = await openModal(slack, typed.triggerId, blankView(known, t));
  if (opened)
    void fill(desk, slack, { ...typed, rest: unescape(rest), known, opened }).catch((error: unknown) =>
      desk.log.error({ error }, 'A new-ticket modal could not be filled.'),
    );
  return true;
};

type Fill = {
  userId: string;
  channel: string;
  triggerId: string;
  rest: string;
  known: Known;
  opened: { id: string; hash: string };
};

async function fill(desk: Parameters<Doors['instant']>[0], slack: Parameters<Doors['instant']>[1], at: Fill): Promise<void> {
  const found = await personOfUser(desk, slack, at.userId);
  if (!found) {
    const t = translator(rememberedUser(at.userId)?.locale);
    await updateModal(slack, at.opened.id, wordsView(t('failures:role.members_only')));
    return;
  }
  const caller = { desk, slack, ...found, t: translator(found.user.locale) };
  const data = await dataFor(caller, await candidateFor(caller, at.rest), at.known);
  // With the hash, an update that comes too late never wipes what was typed meanwhile.
  await updateModal(slack, at.opened.id, createView(data, caller.t), at.opened.hash);
}

export const requesterOptions: Options = async (caller) => {
  const query = caller.query.trim();
  const found = await searchPeople(caller.desk.db, query, { limit: MAX_OPTIONS, country: caller.desk.settings.country });
  const candidates = [...found.map(personCandidate), ...(query.length > 1 ? [newCandidate(caller, query)] : [])];
  return candidates.map((candidate) => ({ text: { type: 'plain_text', text: shorten(candidate.text, 75) }, value: candidate.value }));
};

/** A requester was chosen: what we know of them, and the matters this call may belong to. */
export const requesterChosen: Action = async (click) => {
  if (!click.view || !click.value) return;
  const metadata = readMetadata(click.view.metadata);
  const state = click.view.state;
  const text = chosenText(state, 'requester');
  const data = await dataFor(
    click,
    { value: click.value, text },
    { ...metadata, draft: { subject: valueIn(state, blockOf(state, 'subject')), description: valueIn(state, 'description') } },
  );
  await updateModal(click.slack, click.view.id, createView(data, click.t), click.view.hash);
};

/** The button in Home and the global shortcut. */
export const createFromButton: Action = async (click) => {
  const known = { openedAt: click.desk.clock.now().getTime() };
  await openAndFill(click, blankView(known, click.t), async () =>
    createView(await dataFor(click, await candidateFor(click, ''), known), click.t),
  );
};
