import { answerTo, cardOf, deliver, firstLetter, received } from './acts.ts';
import type { Ledger } from './reconcile.ts';
import type { Stage, Trouble } from './steps.ts';
import { CHANNEL, restart, settle, type World } from './world.ts';

/** One customer's matter: a mail, its confirmation, an agent's note and answer, and what the customer says to it. */
export async function matter(world: World, ledger: Ledger, name: string, trouble: Trouble | null): Promise<void> {
  const first = firstLetter(name);
  ledger.letters.push({ letter: first, name, isFirst: true });
  await during(world, trouble, 'mail', () => deliver(world, first));
  const card = await cardOf(world, name);
  const confirmation = await received(world, name);
  await during(world, trouble, 'reply', async () => answer(world, ledger, name, card.ts));
  // A customer who writes while the answer is held would pause it.
  await settle(world);
  const letter = answerTo(confirmation, name, `answer-${name}`);
  ledger.letters.push({ letter, name, isFirst: false });
  await deliver(world, letter);
  await settle(world);
}

function answer(world: World, ledger: Ledger, name: string, threadTs: string): void {
  const place = { as: 'anna', channel: CHANNEL, threadTs };
  const note = world.playground.post({ ...place, text: `note: this one has called before, see note-${name}` });
  ledger.posts.push({ name, by: 'anna', words: [`note-${name}`], ts: note.ts, becomes: 'note' });
  const reply = world.playground.post({ ...place, text: `Hello! Please switch the printer off and on again, as in reply-${name}.` });
  ledger.posts.push({ name, by: 'anna', words: [`reply-${name}`], ts: reply.ts, becomes: 'mail' });
}

async function during(world: World, trouble: Trouble | null, stage: Stage, act: () => Promise<void>): Promise<void> {
  if (trouble?.stage !== stage) return act();
  await trouble.arm(world);
  const acting = act();
  if (trouble.isDeadly) {
    await world.server.died();
    await restart(world);
  }
  await acting;
  await settle(world);
}
