import { blankView, CREATE, createView } from '#modals/create.ts';
import { beginningOf, newCandidate, nobodyYet, personCandidate } from '#modals/create-candidate.ts';
import { dataFor, type Known } from '#modals/create-data.ts';
import { readTyped, type TypedWords } from '#modals/create-typed.ts';
import { loadingView } from '#modals/details.ts';
import { blockOf, chosenText, valueIn } from '#modals/fields.ts';
import { readMetadata } from '#modals/create.ts';
import { type Translate, translator } from '#i18n.ts';
import type { Action, Clicked, Doors, Options } from '#slack/doors.ts';
import { wordsView } from '#slack/words-view.ts';
import { shorten, unescape } from '#slack/mrkdwn.ts';
import { verbOf } from '#slack/replies/command.ts';
import type { Slack } from '#slack/slack.ts';
import { personOfUser, rememberedUser } from '#slack/users.ts';
import type { Desk } from '#tickets/desk.ts';
import { searchPeople } from '#tickets/search.ts';
import { splitFirst } from '#commands/ticket-argument.ts';
import { openAndFill, openModal, updateModal } from './modal.ts';

const MAX_OPTIONS = 20;

/** `/ticket create …`: the modal opens before anything is asked of the database; what is known comes a moment later. */
export const instantCreate: Doors['instant'] = async (desk, slack, typed) => {
  const [word, rest] = splitFirst(typed.text);
  if (verbOf(word) !== 'create') return false;
  const t = translator(rememberedUser(slack, typed.userId)?.locale);
  const words = readTyped(unescape(rest), desk.settings.country);
  const known = { openedAt: desk.clock.now().getTime(), responseUrl: typed.responseUrl };
  const opened = await openModal(slack, typed.triggerId, openingView(words, known, t));
  if (opened) void fillOrSay(desk, slack, { userId: typed.userId, words, known, opened }, t);
  return true;
};

/** What may yet become the subject must not fill a field in which somebody is typing already. */
function openingView(words: TypedWords, known: Known, t: Translate) {
  if (words.isName === 'maybe') return loadingView(t);
  return blankView({ ...known, draft: words.isName === 'no' && words.rest ? { subject: words.rest } : undefined }, t);
}

type Fill = {
  userId: string;
  words: TypedWords;
  known: Known;
  opened: { id: string; hash: string };
};

async function fillOrSay(desk: Desk, slack: Slack, at: Fill, t: Translate): Promise<void> {
  const logged = (error: unknown) => desk.log.error({ error }, 'A new-ticket modal could not be filled.');
  try {
    await fill(desk, slack, at);
  } catch (error) {
    logged(error);
    // The form can be filled in without our help; a view that only waits would wait for ever.
    if (at.words.isName === 'maybe') await updateModal(slack, at.opened.id, wordsView(t('failures:internal'))).catch(logged);
  }
}

async function fill(desk: Desk, slack: Slack, at: Fill): Promise<void> {
  const found = await personOfUser(desk, slack, at.userId);
  if (!found) {
    const t = translator(rememberedUser(slack, at.userId)?.locale);
    await updateModal(slack, at.opened.id, wordsView(t('failures:role.members_only')));
    return;
  }
  const caller = { desk, slack, ...found, t: translator(found.user.locale) };
  const isEmpty = at.words.phone === null && at.words.address === null && at.words.rest === '';
  const { requester, ...begun } = isEmpty ? nobodyYet(caller) : await beginningOf(caller, at.words);
  const data = await dataFor(caller, requester, { ...at.known, ...begun });
  // With the hash, an update that comes too late never wipes what was typed meanwhile.
  await updateModal(slack, at.opened.id, createView(data, caller.t), at.opened.hash);
}

export const requesterOptions: Options = async (caller) => {
  const query = caller.query.trim() || searchedIn(caller.view);
  const found = await searchPeople(caller.desk.db, query, { limit: MAX_OPTIONS, country: caller.desk.settings.country });
  const candidates = [...found.map(personCandidate), ...(query.length > 1 ? [newCandidate(caller, query)] : [])];
  return candidates.map((candidate) => ({ text: { type: 'plain_text', text: shorten(candidate.text, 75) }, value: candidate.value }));
};

/** An empty query lists those the command had searched for. */
function searchedIn(view: Clicked['view']): string {
  return view?.callbackId === CREATE ? (readMetadata(view.metadata).searched ?? '') : '';
}

/** A requester was chosen: what we know of them, and the matters this call may belong to. */
export const requesterChosen: Action = async (click) => {
  if (!click.view || !click.value) return;
  const metadata = readMetadata(click.view.metadata);
  const state = click.view.state;
  const text = chosenText(state, 'requester');
  const data = await dataFor(
    click,
    { value: click.value, text },
    {
      ...metadata,
      searched: undefined,
      draft: { subject: valueIn(state, blockOf(state, 'subject')), description: valueIn(state, 'description') },
    },
  );
  await updateModal(click.slack, click.view.id, createView(data, click.t), click.view.hash);
};

/** The button in Home and the global shortcut. */
export const createFromButton: Action = async (click) => {
  const known = { openedAt: click.desk.clock.now().getTime() };
  await openAndFill(click, blankView(known, click.t), async () =>
    createView(await dataFor(click, nobodyYet(click).requester, known), click.t),
  );
};
