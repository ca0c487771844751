import { setTimeout as wait } from 'node:timers/promises';
import { addressOf, answerTo, cardOf, deliver, firstLetter, secondLetter } from './acts.ts';
import type { Random } from './random.ts';
import type { Ledger, Posted } from './reconcile.ts';
import { CHANNEL, type World } from './world.ts';

const AT_ONCE = 5;
const MAX_ACTS = 4;
const MAX_PAUSE_MS = 600;
const PRESS_MS = 60_000;

export interface Load {
  /** Begins no new matter, and resolves when those under way are done. */
  finish(): Promise<void>;
  matters(): number;
}

interface Scene {
  world: World;
  ledger: Ledger;
  random: Random;
  name: string;
  threadTs: string;
  count: number;
}

/** Customers and agents who know nothing of the trouble: some matters side by side, a new one when one is done. */
export function startLoad(world: World, ledger: Ledger, random: Random): Load {
  let isEnding = false;
  let begun = 0;
  const seat = async () => {
    while (!isEnding) {
      begun += 1;
      await live(world, ledger, random, `Matter${begun}x`);
    }
  };
  const seats = Array.from({ length: AT_ONCE }, seat);
  const all = Promise.all(seats);
  // Heard of when the load is finished, not in the middle of it.
  all.catch(() => {});
  return {
    matters: () => begun,
    async finish() {
      isEnding = true;
      await all;
    },
  };
}

async function live(world: World, ledger: Ledger, random: Random, name: string): Promise<void> {
  const letter = firstLetter(name);
  ledger.letters.push({ letter, name, isFirst: true });
  await deliver(world, letter);
  const card = await cardOf(world, name);
  const scene: Scene = { world, ledger, random, name, threadTs: card.ts, count: 0 };
  const acts = 1 + random.below(MAX_ACTS);
  for (let act = 0; act < acts; act += 1) {
    await random.pick(ACTS)(scene);
    await wait(random.below(MAX_PAUSE_MS));
  }
}

const ACTS: [Act, ...Act[]] = [reply, reply, note, editedReply, deletedReply, noteAfterAll, sentNote, take, customerAnswers];
type Act = (scene: Scene) => Promise<void>;

async function reply(scene: Scene): Promise<void> {
  post(scene, 'mail', (word) => `Hello! Please switch the printer off and on again, as in ${word}.`);
}

async function note(scene: Scene): Promise<void> {
  post(scene, 'note', (word) => `note: nobody answers the phone there, see ${word}`);
}

/** The customer gets the old words or the new ones, never both and never neither. */
async function editedReply(scene: Scene): Promise<void> {
  const before = post(scene, 'mail', (word) => `Hello! Please restart the printer, as in ${word}.`);
  const word = nextWord(scene);
  before.words.push(word);
  await wait(scene.random.below(MAX_PAUSE_MS));
  scene.world.playground.edit({
    as: before.by,
    channel: CHANNEL,
    ts: before.ts,
    text: `Hello! Please restart the computer, as in ${word}.`,
  });
}

async function deletedReply(scene: Scene): Promise<void> {
  const posted = post(scene, 'mail or nothing', (word) => `Hello! Please throw the printer out, as in ${word}.`);
  await wait(scene.random.below(MAX_PAUSE_MS));
  scene.world.playground.deleteMessage({ as: posted.by, channel: CHANNEL, ts: posted.ts });
}

async function noteAfterAll(scene: Scene): Promise<void> {
  const posted = post(scene, 'mail or note', (word) => `Hello! Please look at the paper tray, as in ${word}.`);
  await wait(scene.random.below(MAX_PAUSE_MS));
  const [word] = posted.words;
  scene.world.playground.edit({ as: posted.by, channel: CHANNEL, ts: posted.ts, text: `note: they never look at the paper tray, ${word}` });
}

async function sentNote(scene: Scene): Promise<void> {
  const posted = post(scene, 'note and mail', (word) => `note: Hello! Please change the cable, as in ${word}.`);
  await wait(scene.random.below(MAX_PAUSE_MS));
  scene.world.playground.react({ as: posted.by, channel: CHANNEL, ts: posted.ts, name: 'incoming_envelope' });
}

async function take({ world, threadTs }: Scene): Promise<void> {
  await press(world, { as: 'anna', ts: threadTs, actionId: 'card.take' });
}

async function customerAnswers(scene: Scene): Promise<void> {
  const { world, ledger, name } = scene;
  // Who has no confirmation yet writes once more under their own first mail.
  const confirmation = world.receiver.mails.find((mail) => mail.to.includes(addressOf(name)));
  const letter = confirmation ? answerTo(confirmation, name, nextWord(scene)) : secondLetter(name, nextWord(scene));
  ledger.letters.push({ letter, name, isFirst: false });
  await deliver(world, letter);
}

function nextWord(scene: Scene): string {
  scene.count += 1;
  return `${scene.name}-word${scene.count}x`;
}

function post(scene: Scene, becomes: Posted['becomes'], text: (word: string) => string): Posted {
  const word = nextWord(scene);
  const by = scene.random.below(4) === 0 ? 'ben' : 'anna';
  const message = scene.world.playground.post({ as: by, channel: CHANNEL, threadTs: scene.threadTs, text: text(word) });
  const posted: Posted = { name: scene.name, by, words: [word], ts: message.ts, becomes };
  scene.ledger.posts.push(posted);
  return posted;
}

/** A click; whoever gets no answer clicks again, and a button that is gone has been answered. */
export async function press(world: World, click: { as: string; channel?: string; ts: string; actionId: string }): Promise<void> {
  const deadline = Date.now() + PRESS_MS;
  while (Date.now() < deadline) {
    if (!hasButton(world, click)) return;
    const outcome = await world.playground.click({ channel: CHANNEL, ...click });
    if (outcome.isAcked) return;
    await wait(MAX_PAUSE_MS / 2);
  }
  throw new Error(`Nobody answered ${click.actionId} in ${PRESS_MS} ms.`);
}

function hasButton(world: World, { ts, actionId }: { ts: string; actionId: string }): boolean {
  const message = Object.values(world.playground.state.messages)
    .flat()
    .find((one) => one.ts === ts);
  return JSON.stringify(message?.blocks ?? []).includes(`"${actionId}"`);
}
